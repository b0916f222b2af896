//! Enterprises numbered densely, in the order in which a pass comes upon them.

use std::hash::BuildHasher;

use rustc_hash::FxBuildHasher;

pub(super) type Id = [u8; 16];

/// Ids by number, with what was tested of each. Every record counted looks one up, in an order nobody knows, so that what it
/// jumps about in is kept small: a table of numbers alone, by hash. The ids lie as the book has them, which is much as the
/// records about them lie; a map of ids would spread them over five times the memory.
#[derive(Default)]
pub(super) struct Numbers {
    entries: Vec<(Id, u128)>,
    /// 0 is free, else a number and one. A power of two long, and never full.
    table: Vec<u32>,
}

impl Numbers {
    pub fn get(&self, id: &Id) -> Option<u32> {
        self.table.get(self.place(id))?.checked_sub(1)
    }

    /// Numbers an id that has no number yet.
    pub fn add(&mut self, id: Id, mask: u128) -> u32 {
        // Three in four at most.
        if (self.entries.len() + 1) * 4 > self.table.len() * 3 {
            self.table = vec![0; (self.table.len() * 2).max(64)];
            for number in 0..self.entries.len() {
                let place = self.place(&self.entries[number].0);
                self.table[place] = number as u32 + 1;
            }
        }
        let place = self.place(&id);
        let number = self.entries.len() as u32;
        self.entries.push((id, mask));
        self.table[place] = number + 1;
        number
    }

    pub fn id(&self, number: u32) -> Id {
        self.entries[number as usize].0
    }

    pub fn mask(&self, number: u32) -> u128 {
        self.entries[number as usize].1
    }

    /// Where in the table an id is, or would be put.
    fn place(&self, id: &Id) -> usize {
        let around = self.table.len().wrapping_sub(1);
        let mut place = FxBuildHasher.hash_one(u128::from_ne_bytes(*id)) as usize & around;
        while let Some(number) = self.table.get(place).and_then(|taken| taken.checked_sub(1))
            && self.entries[number as usize].0 != *id
        {
            place = (place + 1) & around;
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_keeps_its_number_and_its_mask() {
        let mut numbers = Numbers::default();
        let id = |at: u32| (u128::from(at % 7) << 100 | u128::from(at)).to_be_bytes();
        for at in 0..10_000 {
            assert_eq!(numbers.get(&id(at)), None);
            assert_eq!(numbers.add(id(at), u128::from(at) << 64), at);
        }
        for at in 0..10_000 {
            assert_eq!(numbers.get(&id(at)), Some(at));
            assert_eq!((numbers.id(at), numbers.mask(at)), (id(at), u128::from(at) << 64));
        }
        assert_eq!(numbers.get(&id(10_000)), None);
    }
}
