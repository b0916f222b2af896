//! Invitations, keys and their texts.

mod craft;

use craft::{EXPIRES, NOW, World, new_invitation};
use exchange::{
    AgeIdentity, AgeRecipient, Certificate, JoinProof, NewInvitation, OfficeKeys, Party, PublicKey, Purpose, Refusal,
    Roster, Secret, SigningKey, invitation,
};

fn code<T>(result: Result<T, Refusal>) -> String {
    result.err().map_or("ok".into(), |refusal| refusal.code().to_owned())
}

#[test]
fn an_invitation_arrives_whole_or_not_at_all() {
    let world = World::load();
    let campaigns = [b"[two]".to_vec(), b"[one]".to_vec(), b"[one]".to_vec()];
    let bytes = invitation::write(&new_invitation(&campaigns), &world.region.keys).unwrap();
    let invited = invitation::open(&bytes, NOW).unwrap();
    assert_eq!(invited.invitation.root, world.region.keys.root.public());
    assert_eq!(invited.invitation.recipients, world.region.keys.recipients());
    assert_eq!(invited.fingerprint(), world.region.keys.root.public().fingerprint());
    assert_eq!(invited.campaigns.len(), 2, "the same file twice is one");
    assert_eq!(code(invitation::open(&bytes, EXPIRES - 1)), "ok");
    assert_eq!(code(invitation::open(&bytes, EXPIRES)), "invitation-expired");
    assert_eq!(code(invitation::open(&bytes, EXPIRES + 365 * 86_400_000)), "invitation-expired");
    let years_ahead = invitation::open(&bytes, EXPIRES + 5 * 365 * 86_400_000).unwrap_err().notice();
    assert_eq!(years_ahead.code, "clock-ahead");
    // NOW is 2021-03-06 in China, and it holds for thirty days.
    assert_eq!((years_ahead.arg("expires"), years_ahead.arg("today")), (Some("2021-04-05"), Some("2026-04-04")));

    assert_eq!(code(invitation::open(b"hello", NOW)), "not-an-invitation");
    for length in 0..bytes.len() {
        let found = code(invitation::open(&bytes[..length], NOW));
        assert!(["not-an-invitation", "invitation-broken"].contains(&found.as_str()), "{length}: {found}");
    }
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        assert_ne!(code(invitation::open(&flipped, NOW)), "ok", "byte {at}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert_eq!(code(invitation::open(&longer, NOW)), "invitation-broken");
    let late = NewInvitation { created: i64::MAX as u64, expires: i64::MAX as u64, ..new_invitation(&[]) };
    let bytes = invitation::write(&late, &world.region.keys).unwrap();
    assert_eq!(code(invitation::open(&bytes, NOW)), "invitation-broken");
}

#[test]
fn a_changed_invitation_is_refused_for_what_it_is() {
    let world = World::load();
    let bytes = invitation::write(&new_invitation(&[]), &world.region.keys).unwrap();
    // Same length, so the archive stays right and only the text is another.
    let change = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len());
        let at = bytes.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
        let mut changed = bytes.clone();
        changed[at..at + to.len()].copy_from_slice(to.as_bytes());
        code(invitation::open(&changed, NOW))
    };
    assert_eq!(change("640121", "640122"), "signature-wrong");
    assert_eq!(change("\"format\":1", "\"format\":2"), "newer-format");
    assert_eq!(change("\"created\"", "\"expires\""), "duplicate-key");
    assert_eq!(change("sweepbook-invitation\"", "sweepbook-invitatioN\""), "not-an-invitation");
    let other = world.stranger.keys.root.public().to_text();
    assert_eq!(change(&world.region.keys.root.public().to_text(), &other), "signature-wrong");
}

#[test]
fn only_offices_below_are_invited_and_devices_of_ones_own() {
    let world = World::load();
    let party = |office: &str| Party { office: office.parse().unwrap(), name: "局".into() };
    let write = |purpose, inviter, invited| {
        let new = NewInvitation { purpose, inviter: party(inviter), invited: party(invited), ..new_invitation(&[]) };
        code(invitation::write(&new, &world.region.keys))
    };
    assert_eq!(write(Purpose::Office, "640000", "640121"), "ok");
    assert_eq!(write(Purpose::Office, "640000", "640000-01"), "ok");
    assert_eq!(write(Purpose::Office, "640000", "210000"), "wrong-direction");
    assert_eq!(write(Purpose::Office, "640121", "640000"), "wrong-direction");
    assert_eq!(write(Purpose::Office, "640121", "640121"), "wrong-direction");
    assert_eq!(write(Purpose::Device, "640121", "640121"), "ok");
    assert_eq!(write(Purpose::Device, "640000", "640121"), "wrong-direction");
}

#[test]
fn a_proof_binds_every_key_it_carries() {
    let world = World::load();
    let proof = serde_json::to_value(world.proof()).unwrap();
    let county = &world.county;
    let same: JoinProof = serde_json::from_value(proof.clone()).unwrap();
    assert_eq!(same, world.proof(), "nothing random is in a proof");
    let stranger = JoinProof::new(
        &world.invitation,
        &world.stranger.device.public(),
        &county.keys.root.public(),
        &county.keys.recipients(),
    )
    .unwrap();
    assert_ne!(serde_json::to_value(&stranger).unwrap()["hmac"], proof["hmac"]);
    assert_ne!(stranger.fingerprint(), world.proof().fingerprint());
}

#[test]
fn texts_of_keys_come_back_and_broken_ones_do_not() {
    let (keys, recovery) = OfficeKeys::generate().unwrap();
    assert_eq!(SigningKey::from_text(&keys.root.to_text()).unwrap().public(), keys.root.public());
    assert_eq!(PublicKey::from_text(&keys.root.public().to_text()).unwrap(), keys.root.public());
    assert_eq!(AgeIdentity::from_text(&recovery.to_text()).unwrap().recipient(), keys.recovery);
    assert_eq!(AgeRecipient::from_text(&keys.recovery.to_text()).unwrap(), keys.recovery);
    assert_eq!(Secret::from_text(&Secret::generate().unwrap().to_text()).map(|_| ()).ok(), Some(()));

    let text = keys.root.to_text();
    let broken = if text.ends_with("AA==") { text.replace("AA==", "AB==") } else { format!("{}x", &text[1..]) };
    assert_eq!(code(SigningKey::from_text(&broken)), "key-malformed");
    assert_eq!(code(SigningKey::from_text("")), "key-malformed");
    assert_eq!(code(PublicKey::from_text(" ")), "key-malformed");
    assert_eq!(code(AgeIdentity::from_text("AGE-SECRET-KEY-1")), "key-malformed");
    assert_eq!(code(AgeRecipient::from_text("age1x")), "key-malformed");
    let shown = format!("{:?} {:?} {:?}", keys.root, recovery, Secret::from_text(&"ab".repeat(32)));
    assert!(!shown.contains(&keys.root.to_text()) && !shown.contains("AGE-SECRET") && !shown.contains("abab"));
}

#[test]
fn a_certificate_is_of_one_office_one_root_and_one_kind() {
    let (keys, _) = OfficeKeys::generate().unwrap();
    let (other, _) = OfficeKeys::generate().unwrap();
    let device = SigningKey::generate().unwrap().public();
    let office = "640121".parse().unwrap();
    let signed = keys.certify(&office, &device).unwrap();
    let root = keys.root.public();
    assert_eq!(Certificate::open(&signed, &office, &root).unwrap().key, device);
    assert_eq!(code(Certificate::open(&signed, &office, &other.root.public())), "certificate-wrong");
    assert_eq!(code(Certificate::open(&signed, &"640122".parse().unwrap(), &root)), "certificate-wrong");
    assert_eq!(code(Roster::open(&signed, &office, &root)), "roster-wrong");
    let roster = keys.sign_roster(&office, 3, std::slice::from_ref(&device)).unwrap();
    assert!(Roster::open(&roster, &office, &root).unwrap().lists(&device));
    assert_eq!(code(Certificate::open(&roster, &office, &root)), "certificate-wrong");
    let mut changed = roster.clone();
    changed.text = changed.text.replace("\"number\":3", "\"number\":4");
    assert_eq!(code(Roster::open(&changed, &office, &root)), "roster-wrong");
}
