//! What is sealed is what is read, byte for byte; and what must not be written is not.

mod craft;

use std::cell::Cell;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use craft::{Known, NOW, World, line};
use domain::{DeviceId, OfficeCode};
use exchange::{
    AttachmentRef, AttachmentSource, Direction, Hash32, Held, Item, NoAttachments, Opened, Outcome, OutcomeKind,
    Outgoing, Progress, Refusal, RevisionSource, Sealed, Sender, Stage, Verified, seal,
};
use testkit::faults::LossyDisk;
use uuid::Uuid;

fn go(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn author(_: &DeviceId) -> Option<OfficeCode> {
    Some("640121".parse().unwrap())
}

fn lines_of(lines: Vec<String>) -> impl RevisionSource {
    move |sink: &mut dyn FnMut(&[u8]) -> Result<(), Refusal>| lines.iter().try_for_each(|line| sink(line.as_bytes()))
}

struct Photos(Vec<Vec<u8>>);

impl AttachmentSource for Photos {
    fn open(&mut self, sha256: &Hash32) -> Result<Option<Box<dyn Read + '_>>, Refusal> {
        let found = self.0.iter().find(|bytes| Hash32::of(bytes) == *sha256);
        Ok(found.map(|bytes| Box::new(&bytes[..]) as Box<dyn Read>))
    }
}

fn outgoing<'a>(world: &'a World, recipients: &'a exchange::OfficeRecipients) -> Outgoing<'a> {
    let county = &world.county;
    Outgoing {
        package: Uuid::from_u128(7),
        number: 1,
        created: NOW,
        direction: Direction::Up,
        sender: Sender {
            office: county.office.clone(),
            name: "永宁县市场监管局".into(),
            device: county.device_id(),
            certificate: Some(county.keys.certify(&county.office, &county.device.public()).unwrap()),
            roster: None,
        },
        recipient: world.region.office.clone(),
        recipients,
        own: &county.keys.age,
        key: &county.device,
        receipt: Vec::new(),
        outcomes: Vec::new(),
        join: None,
        attachments: Vec::new(),
        campaigns: &[],
        author: &author,
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
    result.expect_err("was accepted").code().to_owned()
}

fn county_lines(world: &World, count: u64) -> Vec<String> {
    (1..=count).map(|seq| line(&world.county.device_id(), "640121", seq)).collect()
}

fn verify(world: &World, path: &Path) -> Verified {
    let known = Known::of(&world.region, &[&world.region, &world.county]);
    match known.open(&std::fs::read(path).unwrap()).unwrap() {
        Opened::Verified(verified) => verified,
        Opened::Joining(_) => panic!("the county is known"),
    }
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).unwrap().next().is_none()
}

#[test]
fn a_package_arrives_byte_for_byte() {
    let world = World::load();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("一.sweep");
    let lines = county_lines(&world, 2_000);
    let photos = vec![vec![7; 300_000], Vec::new(), b"small".to_vec()];
    let recipients = world.region.keys.recipients();
    let mut running = domain::RunningHash::default();
    running.push(&domain::RevisionId::of_line(lines[0].as_bytes()));
    let receipt = vec![Held {
        device: world.region.device_id(),
        office: "640121".parse().unwrap(),
        last: 1,
        hash: Hash32(running.value()),
    }];
    let outcomes = vec![Outcome {
        record: "0190a6e4-0000-7000-8000-000000000001".parse().unwrap(),
        outcome: OutcomeKind::Returned,
    }];
    let request = Outgoing {
        receipt: receipt.clone(),
        outcomes: outcomes.clone(),
        attachments: photos.iter().map(|b| AttachmentRef { sha256: Hash32::of(b), size: b.len() as u64 }).collect(),
        ..outgoing(&world, &recipients)
    };
    let mut stages = Vec::new();
    let mut progress = |step: Progress| {
        stages.push(step.stage);
        ControlFlow::Continue(())
    };
    let sealed: Sealed =
        seal(&path, request, &mut lines_of(lines.clone()), &mut Photos(photos.clone()), &mut progress).unwrap();
    assert!(stages.contains(&Stage::Checking));
    assert_eq!(sealed.package, Hash32::of(&std::fs::read(&path).unwrap()));
    assert_eq!(sealed.bytes, path.metadata().unwrap().len());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file stays");

    let verified = verify(&world, &path);
    assert_eq!(verified.manifest, sealed.manifest);
    assert_eq!(verified.package, sealed.package);
    assert_eq!(verified.manifest.receipt, receipt);
    assert_eq!(verified.manifest.outcomes, outcomes);
    assert_eq!(verified.manifest.counts.revisions, 2_000);
    assert_eq!(verified.manifest.streams.len(), 1);

    let (mut got, mut pictures) = (Vec::new(), Vec::new());
    let identities = [world.region.recovery.clone()];
    verified
        .read::<_, Refusal>(&mut std::fs::File::open(&path).unwrap(), &identities, &mut go, &mut |item| {
            match item {
                Item::Line(line) => got.push(String::from_utf8(line.to_vec()).unwrap()),
                Item::Attachment { sha256, size, reader } => {
                    let mut bytes = Vec::new();
                    reader.read_to_end(&mut bytes).unwrap();
                    assert_eq!((Hash32::of(&bytes), bytes.len() as u64), (sha256, size));
                    pictures.push(bytes);
                }
                Item::Campaign(_) => panic!("none was sealed"),
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(got, lines);
    pictures.sort();
    let mut expected = photos.clone();
    expected.sort();
    assert_eq!(pictures, expected);
}

#[test]
fn campaigns_come_from_above_only() {
    let world = World::load();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sweep");
    let campaigns = [b"[campaign]".to_vec(), b"[other]".to_vec()];
    let recipients = world.region.keys.recipients();
    let up = Outgoing { campaigns: &campaigns, ..outgoing(&world, &recipients) };
    assert_eq!(code(seal(&path, up, &mut lines_of(Vec::new()), &mut NoAttachments, &mut go)), "campaign-upward");
    assert!(is_empty(folder.path()));

    let (region, county) = (&world.region, &world.county);
    let recipients = county.keys.recipients();
    let down = Outgoing {
        direction: Direction::Down,
        sender: Sender {
            office: region.office.clone(),
            name: "自治区市场监管厅".into(),
            device: region.device_id(),
            certificate: Some(region.keys.certify(&region.office, &region.device.public()).unwrap()),
            roster: None,
        },
        recipient: county.office.clone(),
        own: &region.keys.age,
        key: &region.device,
        campaigns: &campaigns,
        ..outgoing(&world, &recipients)
    };
    seal(&path, down, &mut lines_of(Vec::new()), &mut NoAttachments, &mut go).unwrap();
    let known = Known::of(county, &[region, county]);
    let Ok(Opened::Verified(verified)) = known.open(&std::fs::read(&path).unwrap()) else { panic!("it is known") };
    let mut files = Vec::new();
    verified
        .read::<_, Refusal>(&mut std::fs::File::open(&path).unwrap(), &known.identities, &mut go, &mut |item| {
            if let Item::Campaign(bytes) = item {
                files.push(bytes.to_vec());
            }
            Ok(())
        })
        .unwrap();
    files.sort();
    assert_eq!(files, campaigns);
}

#[test]
fn an_attachment_left_unread_is_still_checked_and_passed() {
    let world = World::load();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sweep");
    let photos = vec![vec![1; 100_000], vec![2; 100_000]];
    let recipients = world.region.keys.recipients();
    let request = Outgoing {
        attachments: photos.iter().map(|b| AttachmentRef { sha256: Hash32::of(b), size: b.len() as u64 }).collect(),
        ..outgoing(&world, &recipients)
    };
    seal(&path, request, &mut lines_of(Vec::new()), &mut Photos(photos), &mut go).unwrap();
    let mut seen = 0;
    verify(&world, &path)
        .read::<_, Refusal>(
            &mut std::fs::File::open(&path).unwrap(),
            std::slice::from_ref(&world.region.keys.age),
            &mut go,
            &mut |item| {
                seen += u32::from(matches!(item, Item::Attachment { .. }));
                Ok(())
            },
        )
        .unwrap();
    assert_eq!(seen, 2);
}

#[test]
fn the_same_source_measures_and_writes_the_same() {
    let world = World::load();
    let folder = tempfile::tempdir().unwrap();
    let recipients = world.region.keys.recipients();
    let write = |name: &str| {
        let path = folder.path().join(name);
        let lines = county_lines(&world, 500);
        seal(&path, outgoing(&world, &recipients), &mut lines_of(lines), &mut NoAttachments, &mut go).unwrap()
    };
    assert_eq!(write("a").manifest.entries, write("b").manifest.entries);
    assert_ne!(write("a").package, write("b").package, "encryption is randomised");
}

#[test]
fn what_must_not_be_written_leaves_nothing_behind() {
    let world = World::load();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sweep");
    let recipients = world.region.keys.recipients();
    let attempt = |request: Outgoing<'_>, source: &mut dyn RevisionSource| {
        let refused = code(seal(&path, request, source, &mut NoAttachments, &mut go));
        assert!(is_empty(folder.path()), "{refused} left a file");
        refused
    };
    let plain = || outgoing(&world, &recipients);
    let county = || county_lines(&world, 3);

    let down = Outgoing { direction: Direction::Down, ..plain() };
    assert_eq!(attempt(down, &mut lines_of(county())), "wrong-direction");
    let neighbour = vec![line(&world.county.device_id(), "640122", 1)];
    assert_eq!(attempt(plain(), &mut lines_of(neighbour)), "signer-not-entitled");
    let above = |_: &DeviceId| Some("640000".parse().unwrap());
    assert_eq!(attempt(Outgoing { author: &above, ..plain() }, &mut lines_of(county())), "signer-not-entitled");
    let nobody = |_: &DeviceId| None;
    assert_eq!(attempt(Outgoing { author: &nobody, ..plain() }, &mut lines_of(county())), "author-unknown");
    let photo = vec![AttachmentRef { sha256: Hash32::of(b"gone"), size: 4 }];
    assert_eq!(attempt(Outgoing { attachments: photo, ..plain() }, &mut lines_of(county())), "attachment-missing");
    let huge = vec![AttachmentRef { sha256: Hash32::of(b"huge"), size: (64 << 20) + 1 }];
    assert_eq!(attempt(Outgoing { attachments: huge, ..plain() }, &mut lines_of(county())), "entry-too-large");
    let many = (0..33u8).map(|n| AttachmentRef { sha256: Hash32([n; 32]), size: 64 << 20 }).collect();
    assert_eq!(attempt(Outgoing { attachments: many, ..plain() }, &mut lines_of(county())), "package-too-large");
    let outcome =
        Outcome { record: "0190a6e4-0000-7000-8000-000000000001".parse().unwrap(), outcome: OutcomeKind::Accepted };
    let stuffed = Outgoing { outcomes: vec![outcome; 20_000], ..plain() };
    assert_eq!(attempt(stuffed, &mut lines_of(county())), "manifest-too-large");
    assert_eq!(attempt(plain(), &mut lines_of(vec![county()[1].clone(), county()[0].clone()])), "stream-wrong");
    assert_eq!(attempt(plain(), &mut lines_of(vec!["{}".into()])), "line-malformed");
    assert_eq!(attempt(plain(), &mut lines_of(vec![county()[0].replace(',', ",\n")])), "line-malformed");
    let long = county()[0].replace("张三", &"长".repeat(400_000));
    assert_eq!(attempt(plain(), &mut lines_of(vec![long])), "line-too-long");

    let calls = Cell::new(0);
    let mut fickle = |sink: &mut dyn FnMut(&[u8]) -> Result<(), Refusal>| {
        calls.set(calls.get() + 1);
        county_lines(&world, 2 + calls.get()).iter().try_for_each(|line| sink(line.as_bytes()))
    };
    assert_eq!(attempt(plain(), &mut fickle), "source-changed");
}

#[test]
fn a_damaged_line_is_found_when_it_is_read_back() {
    let world = World::load();
    let folder = tempfile::tempdir().unwrap();
    let recipients = world.region.keys.recipients();
    let lines = vec![county_lines(&world, 1)[0].replace("\"author\":\"张三\"", "\"author\":3")];
    let path = folder.path().join("x");
    let sealed = seal(&path, outgoing(&world, &recipients), &mut lines_of(lines), &mut NoAttachments, &mut go);
    assert_eq!(code(sealed), "line-malformed");
    assert!(is_empty(folder.path()));
}

/// Bytes that do not compress, so that writing and checking take more than one step.
fn noise() -> Vec<Vec<u8>> {
    (0..3u64).map(|n| (0..1_500_000u64).map(|at| (at.wrapping_mul(2_654_435_761 + n) >> 13) as u8).collect()).collect()
}

/// The stick takes a package and holds another byte near its end. The system remembers what it wrote: only what is read from
/// the stick itself tells.
#[test]
fn a_stick_that_loses_a_byte_is_found_out_before_anyone_is_told() {
    let world = World::load();
    let recipients = world.region.keys.recipients();
    let noise = noise();
    let seal_onto = |folder: &Path, lose: &dyn Fn(&Path, u64)| {
        let path = folder.join("x.sweep");
        let request = Outgoing {
            attachments: noise.iter().map(|b| AttachmentRef { sha256: Hash32::of(b), size: b.len() as u64 }).collect(),
            ..outgoing(&world, &recipients)
        };
        let mut checked = 0;
        let mut on_progress = |step: Progress| {
            if step.stage == Stage::Checking {
                checked += 1;
                // It has been given its name, and its beginning has been read.
                if checked == 1 {
                    lose(&path, std::fs::metadata(&path).unwrap().len() - 100_000);
                }
            }
            ControlFlow::Continue(())
        };
        let lines = county_lines(&world, 10);
        let sealed = seal(&path, request, &mut lines_of(lines), &mut Photos(noise.clone()), &mut on_progress);
        assert!(checked > 1, "it is read in more than one step");
        (sealed.map(|_| ()).map_err(|refusal| refusal.code().to_owned()), path.exists())
    };
    let found_out = (Err("flipped".to_owned()), false);
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(seal_onto(folder.path(), &|_, _| {}), (Ok(()), true));
    // One that changes under the reader's eyes.
    let flip = |path: &Path, at: u64| {
        let mut bytes = std::fs::read(path).unwrap();
        bytes[at as usize] ^= 1;
        std::fs::write(path, bytes).unwrap();
    };
    assert_eq!(seal_onto(folder.path(), &flip), found_out);
    let Some(disk) = LossyDisk::mount(32) else {
        return println!(
            "mounting is not permitted here: what the system remembers of a file is not told from its disk"
        );
    };
    assert_eq!(seal_onto(disk.path(), &|_, _| {}), (Ok(()), true));
    assert_eq!(seal_onto(disk.path(), &|path, at| disk.lose(path, at)), found_out);
}

#[test]
fn cancel_works_in_every_stage_and_keeps_what_was_there() {
    let world = World::load();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sweep");
    let recipients = world.region.keys.recipients();
    let noise = noise();
    let lines = county_lines(&world, 6_000);
    for stop in [Stage::Measuring, Stage::Writing, Stage::Checking] {
        std::fs::write(&path, b"before").unwrap();
        let request = Outgoing {
            attachments: noise.iter().map(|b| AttachmentRef { sha256: Hash32::of(b), size: b.len() as u64 }).collect(),
            ..outgoing(&world, &recipients)
        };
        let mut cancel =
            |step: Progress| if step.stage == stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        let refused = seal(&path, request, &mut lines_of(lines.clone()), &mut Photos(noise.clone()), &mut cancel);
        assert_eq!(code(refused), "cancelled");
        match stop {
            // Unverified is not done: the unfinished file goes.
            Stage::Checking => assert!(is_empty(folder.path())),
            _ => {
                assert_eq!(std::fs::read(&path).unwrap(), b"before");
                assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
            }
        }
    }
}

#[test]
fn another_file_in_place_of_the_verified_one_is_refused() {
    let world = World::load();
    let folder = tempfile::tempdir().unwrap();
    let recipients = world.region.keys.recipients();
    let write = |name: &str, count| {
        let path = folder.path().join(name);
        let lines = county_lines(&world, count);
        seal(&path, outgoing(&world, &recipients), &mut lines_of(lines), &mut NoAttachments, &mut go).unwrap();
        path
    };
    let (first, other, again) = (write("a", 3), write("b", 4), write("c", 3));
    let verified = verify(&world, &first);
    for path in [other, again] {
        let read = verified.read::<_, Refusal>(
            &mut std::fs::File::open(path).unwrap(),
            std::slice::from_ref(&world.region.keys.age),
            &mut go,
            &mut |_| Ok(()),
        );
        assert_eq!(code(read), "source-changed");
    }
}

#[test]
fn entries_are_split_and_lines_are_whole() {
    let world = World::load();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.sweep");
    let recipients = world.region.keys.recipients();
    let filler = "宁夏".repeat(100_000);
    let lines: Vec<String> = county_lines(&world, 80).iter().map(|line| line.replace("口罩厂", &filler)).collect();
    let sealed =
        seal(&path, outgoing(&world, &recipients), &mut lines_of(lines.clone()), &mut NoAttachments, &mut go).unwrap();
    assert!(sealed.manifest.entries.len() > 1);
    let mut got = Vec::new();
    verify(&world, &path)
        .read::<_, Refusal>(
            &mut std::fs::File::open(&path).unwrap(),
            std::slice::from_ref(&world.region.keys.age),
            &mut go,
            &mut |item| {
                if let Item::Line(line) = item {
                    got.push(String::from_utf8(line.to_vec()).unwrap());
                }
                Ok(())
            },
        )
        .unwrap();
    assert_eq!(got, lines);
}
