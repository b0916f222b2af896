//! A stick may cut, lengthen or flip: whatever it does, nothing opens, and the reason is the right one.

mod craft;

use craft::{Known, World, cases};
use proptest::prelude::*;

fn refusal(known: &Known, bytes: &[u8]) -> String {
    match known.open(bytes) {
        Ok(_) => "ok".into(),
        Err(refusal) => refusal.code().to_owned(),
    }
}

fn fixture() -> (Known, Vec<u8>) {
    let world = World::load();
    (Known::of(&world.region, &[&world.region, &world.county]), cases::up(&world).build())
}

#[test]
fn every_prefix_is_refused_as_truncated() {
    let (known, bytes) = fixture();
    for length in 1..bytes.len() {
        assert_eq!(refusal(&known, &bytes[..length]), "truncated", "{length} of {}", bytes.len());
    }
    assert_eq!(refusal(&known, &[]), "not-a-package");
    assert_eq!(refusal(&known, &bytes), "ok");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_flipped_bit_is_refused(at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let (known, bytes) = fixture();
        let at = at.index(bytes.len());
        let found = {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            refusal(&known, &flipped)
        };
        let mac = bytes.windows(5).position(|window| window == b"\n--- ").unwrap();
        if at > mac + 50 {
            prop_assert_eq!(found, "flipped");
        } else {
            prop_assert_ne!(found, "ok");
        }
    }

    #[test]
    fn anything_added_is_refused(tail in prop::collection::vec(any::<u8>(), 1..100_000)) {
        let (known, mut bytes) = fixture();
        bytes.extend(tail);
        prop_assert_eq!(refusal(&known, &bytes), "extended");
    }

    #[test]
    fn noise_never_opens_and_never_panics(noise in prop::collection::vec(any::<u8>(), 0..70_000)) {
        let (known, _) = fixture();
        prop_assert_ne!(refusal(&known, &noise), "ok");
        let mut dressed = b"age-encryption.org/v1\n-> X25519 ".to_vec();
        dressed.extend(&noise);
        prop_assert_ne!(refusal(&known, &dressed), "ok");
        prop_assert!(exchange::invitation::open(&noise, 0).is_err());
    }

    /// What a malicious but known sender can put into a signed manifest must not panic either.
    #[test]
    fn a_signed_manifest_of_any_shape_is_refused_or_read(
        pointer in prop::sample::select(vec![
            "/created", "/direction", "/sender", "/sender/office", "/sender/device", "/recipient", "/streams",
            "/streams/0", "/streams/0/first", "/streams/0/last", "/receipt", "/counts", "/counts/revisions", "/entries",
            "/entries/0", "/entries/0/name", "/entries/0/raw", "/entries/0/packed", "/entries/0/sha256", "/package",
        ]),
        value in prop::sample::select(vec![
            serde_json::json!(null), serde_json::json!(0), serde_json::json!(-1), serde_json::json!(u64::MAX),
            serde_json::json!(i64::MAX), serde_json::json!(""), serde_json::json!("640000"), serde_json::json!([]),
            serde_json::json!({}), serde_json::json!([[]]), serde_json::json!(true), serde_json::json!(1.5),
        ]),
    ) {
        let world = World::load();
        let known = Known::of(&world.region, &[&world.region, &world.county]);
        let mut draft = cases::up(&world);
        *draft.manifest.pointer_mut(pointer).unwrap() = value.clone();
        let found = refusal(&known, &draft.build());
        let same = value == *cases::up(&world).manifest.pointer(pointer).unwrap();
        let harmless = same || ["/created", "/receipt"].contains(&pointer);
        prop_assert!(harmless || found != "ok", "{} = {}: {}", pointer, value, found);
    }
}
