//! An edited text against the pieces it was made of: which numbers are still quoted, and which were written over. It looks
//! at the words around them, since a text area hands back nothing but its text.

use std::ops::RangeInclusive;

use super::pieces::{Piece, Quoted, plain};

/// Characters before and after a number that find it again in a text changed in several places.
const AROUND: usize = 6;

/// So many of them say that a number was taken out from between them.
const ENOUGH: usize = 4;

/// The pieces of the new text. Outside what changed everything stays; inside, a number whose neighbours are still there was
/// written over, and one whose neighbours are gone is no longer quoted.
pub fn requoted(pieces: &[Piece], new: &str) -> Vec<Piece> {
    let old: Vec<char> = plain(pieces).chars().collect();
    let new: Vec<char> = new.chars().collect();
    let same = |(one, other): &(&char, &char)| one == other;
    let before = old.iter().zip(&new).take_while(same).count();
    let shorter = old.len().min(new.len()) - before;
    let after = old.iter().rev().zip(new.iter().rev()).take(shorter).take_while(same).count();

    let mut placed: Vec<(usize, usize, Quoted)> = Vec::new();
    let mut at = 0;
    for piece in pieces {
        let length = piece.text().chars().count();
        let (begin, end) = (at, at + length);
        at = end;
        let Piece::Quoted(quoted) = piece else { continue };
        let from = placed.last().map_or(0, |(_, end, _)| *end);
        let found = if end <= before {
            Some((begin, end))
        } else if begin >= old.len() - after {
            Some((begin + new.len() - old.len(), end + new.len() - old.len()))
        } else {
            // It stands at the change's edge or within it.
            again(&old, (begin, end), &new, from.max(before.min(begin).saturating_sub(AROUND)), quoted)
        };
        if let Some((begin, end)) = found.filter(|(begin, _)| *begin >= from) {
            let changed = before..=new.len() - after;
            placed.push(match is_number(&new[begin..end]) {
                true => {
                    (with_digits_before(&new, begin, from, &changed), with_digits(&new, end, &changed), quoted.clone())
                }
                false => (begin, end, quoted.clone()),
            });
        }
    }
    joined(&new, placed)
}

/// Where a number stands now, or what stands in its place between the same words.
fn again(
    old: &[char],
    (begin, end): (usize, usize),
    new: &[char],
    from: usize,
    quoted: &Quoted,
) -> Option<(usize, usize)> {
    let left = &old[begin.saturating_sub(AROUND)..begin];
    let right = &old[end..(end + AROUND).min(old.len())];
    // All the words around it, then fewer: the change may reach into them.
    for around in (1..=AROUND).rev() {
        let left = &left[left.len().saturating_sub(around)..];
        let right = &right[..around.min(right.len())];
        if left.is_empty() && right.is_empty() {
            return None;
        }
        let starts = (from..=new.len())
            .filter(|at| *at >= left.len() && &new[*at - left.len()..*at] == left && (!left.is_empty() || *at == 0));
        for start in starts {
            let ends = start..=new.len().min(start + longest(quoted));
            let mut ends = ends.filter(|at| new[*at..].starts_with(right) && (!right.is_empty() || *at == new.len()));
            // Where nothing stands, a letter on either side may stand beside the other by chance.
            let enough = |end: usize| end > start || left.len() + right.len() >= ENOUGH;
            if let Some(end) = ends.next()
                && enough(end)
                && stands_for(&new[start..end], quoted)
            {
                return Some((start, end));
            }
        }
    }
    None
}

/// Whether these letters may be what was written in a quote's place: for a number a number or nothing, for words words.
fn stands_for(letters: &[char], quoted: &Quoted) -> bool {
    let shown: Vec<char> = quoted.shown.chars().collect();
    let braces = letters.iter().any(|letter| matches!(letter, '{' | '}' | '\n'));
    if is_number(&shown) { is_number(letters) } else { !braces }
}

/// More than so many characters are not written over a quote: they are another text.
fn longest(quoted: &Quoted) -> usize {
    2 * quoted.shown.chars().count() + 4 * AROUND
}

fn is_number(letters: &[char]) -> bool {
    letters.iter().all(|letter| is_digit(*letter))
}

fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit() || matches!(letter, '.' | ',' | '-' | '−' | '—' | '%')
}

/// Digits written beside a number are part of what now stands there: 12 with a 3 behind it is 123.
fn with_digits(new: &[char], end: usize, changed: &RangeInclusive<usize>) -> usize {
    let written = changed.contains(&end) && end < *changed.end();
    let more = new[end..].iter().take(if written { changed.end() - end } else { 0 });
    end + more.take_while(|letter| letter.is_ascii_digit()).count()
}

fn with_digits_before(new: &[char], begin: usize, from: usize, changed: &RangeInclusive<usize>) -> usize {
    let written = changed.contains(&begin) && begin > *changed.start();
    let more = new[from..begin].iter().rev().take(if written { begin - changed.start() } else { 0 });
    begin - more.take_while(|letter| letter.is_ascii_digit()).count()
}

fn joined(new: &[char], placed: Vec<(usize, usize, Quoted)>) -> Vec<Piece> {
    let text = |from: usize, to: usize| new[from..to].iter().collect::<String>();
    let mut pieces = Vec::new();
    let mut at = 0;
    for (begin, end, mut quoted) in placed {
        if begin > at {
            pieces.push(Piece::Text { text: text(at, begin) });
        }
        let written = text(begin, end);
        quoted.typed = (written != quoted.shown).then_some(written);
        pieces.push(Piece::Quoted(quoted));
        at = end;
    }
    if at < new.len() {
        pieces.push(Piece::Text { text: text(at, new.len()) });
    }
    pieces
}
