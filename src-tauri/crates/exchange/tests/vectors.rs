//! Every committed package does exactly what the index says, and without its one fault it opens.

mod craft;

use craft::cases::{self, Case};
use craft::{Known, World, vectors_folder};
use exchange::Opened;

fn code(known: &Known, bytes: &[u8]) -> String {
    match known.open(bytes) {
        Ok(_) => "ok".into(),
        Err(refusal) => refusal.code().to_owned(),
    }
}

#[test]
fn the_committed_files_say_what_the_index_says() {
    let world = World::load();
    let index = std::fs::read_to_string(vectors_folder().join("vectors.json")).unwrap();
    let index: Vec<serde_json::Value> = serde_json::from_str(&index).unwrap();
    let cases = cases::all();
    assert_eq!(
        index.iter().map(|entry| entry["name"].as_str().unwrap()).collect::<Vec<_>>(),
        cases.iter().map(|case| case.name).collect::<Vec<_>>(),
        "run the make_vectors example"
    );
    let mut wrong = Vec::new();
    for (entry, case) in index.iter().zip(&cases) {
        assert_eq!(entry["expect"], case.code.unwrap_or("ok"), "{}", case.name);
        let Some(file) = entry["file"].as_str() else { continue };
        let bytes = std::fs::read(vectors_folder().join(file)).unwrap();
        let found = code(&(case.opener)(&world), &bytes);
        if found != entry["expect"].as_str().unwrap() {
            wrong.push(format!("{}: {found}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_fault_alone_is_what_refuses() {
    let world = World::load();
    let mut wrong = Vec::new();
    for Case { name, code: expected, build, opener, .. } in cases::all() {
        let known = opener(&world);
        let repaired = code(&known, &build(&world, false));
        if repaired != "ok" {
            wrong.push(format!("{name} repaired: {repaired}"));
        }
        let broken = code(&known, &build(&world, expected.is_some()));
        if broken != expected.unwrap_or("ok") {
            wrong.push(format!("{name}: {broken}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn who_asks_to_join_waits() {
    let world = World::load();
    let join = cases::all().into_iter().find(|case| case.name == "good-join").unwrap();
    let bytes = (join.build)(&world, true);
    let mut known = (join.opener)(&world);
    let Ok(Opened::Joining(joining)) = known.open(&bytes) else { panic!("a stranger with an invitation was let in") };
    assert_eq!(joining.office, world.county.office);
    assert_eq!(joining.root, world.county.keys.root.public());
    assert_eq!(joining.recipients, world.county.keys.recipients());
    assert_eq!(joining.fingerprint, world.proof().fingerprint());
    assert_eq!(joining.fingerprint.chinese().len(), 8);
    known.now = craft::EXPIRES;
    assert_eq!(code(&known, &bytes), "invitation-expired");
    // Nobody answers after ten years: it is the clock that has gone wrong.
    known.now = craft::EXPIRES + 10 * 365 * 86_400_000;
    assert_eq!(code(&known, &bytes), "clock-ahead");
    known.roots.insert(joining.office.clone(), joining.root.clone());
    assert!(matches!(known.open(&bytes), Ok(Opened::Verified(_))), "once confirmed, the same file opens");
}

#[test]
fn a_lower_roster_never_applies() {
    let world = World::load();
    let bytes = cases::up(&world).build();
    let known = |devices: &[exchange::PublicKey], number| {
        let mut known = Known::of(&world.region, &[&world.region, &world.county]);
        let root = world.county.keys.root.public();
        let signed = world.county.keys.sign_roster(&world.county.office, number, devices).unwrap();
        known
            .rosters
            .insert(world.county.office.clone(), exchange::Roster::open(&signed, &world.county.office, &root).unwrap());
        known
    };
    let other = world.stranger.device.public();
    assert_eq!(code(&known(std::slice::from_ref(&other), 0), &bytes), "ok", "the package's own roster 1 is newer");
    assert_eq!(code(&known(std::slice::from_ref(&other), 2), &bytes), "device-not-in-roster");
    assert_eq!(code(&known(&[other, world.county.device.public()], 2), &bytes), "ok");
}

#[test]
fn the_committed_invitation_opens() {
    let world = World::load();
    let bytes = std::fs::read(vectors_folder().join("good-invitation.tar")).unwrap();
    let invited = exchange::invitation::open(&bytes, craft::NOW).unwrap();
    assert_eq!(invited.invitation, world.invitation_with(&invited.campaigns));
    assert_eq!(invited.campaigns, [b"[campaign]\n"]);
}

#[test]
fn a_second_device_of_the_same_office_asks_too() {
    let world = World::load();
    let county = &world.county;
    let office = || exchange::Party { office: county.office.clone(), name: "局".into() };
    let new = exchange::NewInvitation {
        purpose: exchange::Purpose::Device,
        inviter: office(),
        invited: office(),
        ..craft::new_invitation(&[])
    };
    let file = exchange::invitation::write(&new, &county.keys).unwrap();
    let invitation = exchange::invitation::open(&file, craft::NOW).unwrap().invitation;
    let device = &world.station.device;
    let proof =
        |root| exchange::JoinProof::new(&invitation, &device.public(), &root, &county.keys.recipients()).unwrap();
    let package = |proof: exchange::JoinProof| {
        let run = craft::Run::new(&device.public().device_id(), "640121", "640121", 1, 2);
        let mut draft = craft::Draft::new(county, county, "up", vec![run], vec![]);
        draft.manifest["sender"] = serde_json::json!({
            "office": "640121", "name": "局", "device": device.public().device_id().as_str(),
        });
        draft.manifest["join"] = serde_json::to_value(proof).unwrap();
        draft.signer = device.clone();
        draft.build()
    };
    let mut known = Known::of(county, &[county]);
    let asked = package(proof(county.keys.root.public()));
    assert_eq!(code(&known, &asked), "invitation-unknown");
    known.invitations.push(exchange::PendingInvitation {
        id: invitation.id,
        purpose: exchange::Purpose::Device,
        office: county.office.clone(),
        secret: invitation.secret.clone(),
        expires: craft::EXPIRES,
    });
    assert!(matches!(known.open(&asked), Ok(Opened::Joining(joining)) if joining.device_key == device.public()));
    let foreign = package(proof(world.stranger.keys.root.public()));
    assert_eq!(code(&known, &foreign), "join-proof-wrong");
    known.roots.clear();
    assert_eq!(code(&known, &asked), "join-proof-wrong");
}
