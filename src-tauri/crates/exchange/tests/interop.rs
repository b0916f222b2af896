//! The public tools open what we write. Fails where `age`, `minisign`, `tar` or `zstd` is not installed: no package may
//! depend on this program to be read.

mod craft;

use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;

use craft::{NOW, World, line};
use domain::DeviceId;
use exchange::{AttachmentRef, Direction, Hash32, Outgoing, Refusal, Sender, seal};

fn run(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let done = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap_or_else(|error| panic!("{program} must be installed: {error}"));
    assert!(done.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

struct Photo(&'static [u8]);

impl exchange::AttachmentSource for Photo {
    fn open(&mut self, _: &Hash32) -> Result<Option<Box<dyn std::io::Read + '_>>, Refusal> {
        Ok(Some(Box::new(self.0)))
    }
}

#[test]
fn age_tar_minisign_and_zstd_open_a_package() {
    let world = World::load();
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let lines: Vec<String> = (1..=50).map(|seq| line(&world.county.device_id(), "640121", seq)).collect();
    let photo = b"a photograph";
    let recipients = world.region.keys.recipients();
    let author = |_: &DeviceId| Some("640121".parse().unwrap());
    let outgoing = Outgoing {
        package: uuid::Uuid::from_u128(1),
        number: 1,
        created: NOW,
        direction: Direction::Up,
        sender: Sender {
            office: world.county.office.clone(),
            name: "永宁县".into(),
            device: world.county.device_id(),
            certificate: Some(world.county.keys.certify(&world.county.office, &world.county.device.public()).unwrap()),
            roster: None,
        },
        recipient: world.region.office.clone(),
        recipients: &recipients,
        own: &world.county.keys.age,
        key: &world.county.device,
        receipt: Vec::new(),
        outcomes: Vec::new(),
        join: None,
        attachments: vec![AttachmentRef { sha256: Hash32::of(photo), size: photo.len() as u64 }],
        campaigns: &[],
        author: &author,
    };
    let mut source =
        |sink: &mut dyn FnMut(&[u8]) -> Result<(), Refusal>| lines.iter().try_for_each(|line| sink(line.as_bytes()));
    seal(&at.join("p.sweep"), outgoing, &mut source, &mut Photo(photo), &mut |_| ControlFlow::Continue(())).unwrap();

    // The receiver, its recovery sheet and the sender can each decrypt; nobody else can.
    for identity in [&world.region.keys.age, &world.region.recovery, &world.county.keys.age] {
        std::fs::write(at.join("key"), identity.to_text() + "\n").unwrap();
        run(at, "age", &["-d", "-i", "key", "-o", "p.tar", "p.sweep"]);
    }
    std::fs::write(at.join("key"), world.stranger.keys.age.to_text() + "\n").unwrap();
    let refused = Command::new("age").args(["-d", "-i", "key", "p.sweep"]).current_dir(at).output().unwrap();
    assert!(!refused.status.success());

    let expected = [
        "manifest.json".to_owned(),
        "manifest.json.minisig".into(),
        "rev/0001.jsonl.zst".into(),
        format!("att/{}", Hash32::of(photo)),
    ];
    assert_eq!(run(at, "tar", &["-tf", "p.tar"]).lines().collect::<Vec<_>>(), expected);
    run(at, "tar", &["-xf", "p.tar"]);
    let key = world.county.device.public();
    run(at, "minisign", &["-V", "-H", "-P", &key.to_text(), "-m", "manifest.json"]);
    std::fs::write(at.join("device.pub"), key.to_minisign_file()).unwrap();
    run(at, "minisign", &["-V", "-H", "-p", "device.pub", "-m", "manifest.json"]);
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(at.join("manifest.json")).unwrap()).unwrap();
    for entry in manifest["entries"].as_array().unwrap() {
        let sum = run(at, "sha256sum", &[entry["name"].as_str().unwrap()]);
        assert_eq!(sum.split(' ').next().unwrap(), entry["sha256"].as_str().unwrap());
    }
    let text = run(at, "zstd", &["-dc", "rev/0001.jsonl.zst"]);
    assert_eq!(text.lines().collect::<Vec<_>>(), lines);
}

#[test]
fn tar_and_minisign_open_an_invitation() {
    let world = World::load();
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let campaigns = [b"[campaign]".to_vec()];
    let bytes = exchange::invitation::write(&craft::new_invitation(&campaigns), &world.region.keys).unwrap();
    std::fs::write(at.join("i.tar"), bytes).unwrap();
    run(at, "tar", &["-xf", "i.tar"]);
    run(at, "minisign", &["-V", "-H", "-P", &world.region.keys.root.public().to_text(), "-m", "invitation.json"]);
    assert_eq!(std::fs::read(at.join(format!("campaign/{}", Hash32::of(&campaigns[0])))).unwrap(), campaigns[0]);
}

#[test]
fn the_public_tool_signs_with_our_key() {
    let world = World::load();
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("key"), format!("untrusted comment: \n{}\n", world.county.device.to_text())).unwrap();
    std::fs::write(at.join("text"), "text").unwrap();
    run(at, "minisign", &["-S", "-W", "-s", "key", "-m", "text", "-x", "sig"]);
    run(at, "minisign", &["-V", "-H", "-P", &world.county.device.public().to_text(), "-m", "text", "-x", "sig"]);
}
