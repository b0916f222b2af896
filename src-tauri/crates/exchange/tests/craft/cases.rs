//! Every good package and every way of being wrong that has a code. `broken: false` builds the same case without its
//! one fault: that package opens.

use super::*;

pub struct Case {
    pub name: &'static str,
    /// What opening must say; `None` for a good package.
    pub code: Option<&'static str>,
    pub what: &'static str,
    pub build: fn(&World, bool) -> Vec<u8>,
    pub opener: fn(&World) -> Known,
    /// Larger than is worth keeping in the repository: built when tested.
    pub large: bool,
}

fn region(world: &World) -> Known {
    Known::of(&world.region, &[&world.region, &world.county])
}

fn county(world: &World) -> Known {
    Known::of(&world.county, &[&world.region, &world.county])
}

/// Knows no county yet, but invited one.
fn inviting(world: &World) -> Known {
    let mut known = Known::of(&world.region, &[&world.region]);
    known.invitations.push(PendingInvitation {
        id: world.invitation.id,
        purpose: Purpose::Office,
        office: world.county.office.clone(),
        secret: world.invitation.secret.clone(),
        expires: EXPIRES,
    });
    known
}

fn upward_runs(world: &World) -> Vec<Run> {
    let (county, station) = (world.county.device_id(), world.station.device_id());
    vec![Run::new(&county, "640121", "640121", 1, 3), Run::new(&station, "640121-01", "640121-01", 4, 5)]
}

fn photo() -> Content {
    let bytes = b"\x89PNG a photograph".to_vec();
    Content::new(&format!("att/{}", Hash32::of(&bytes)), bytes)
}

fn campaign() -> Content {
    let bytes = b"id = \"example\"\n".to_vec();
    Content::new(&format!("campaign/{}", Hash32::of(&bytes)), bytes)
}

pub fn up(world: &World) -> Draft {
    Draft::new(&world.county, &world.region, "up", upward_runs(world), vec![photo()])
}

pub fn down(world: &World) -> Draft {
    let device = world.region.device_id();
    let runs = vec![Run::new(&device, "640121", "640000", 1, 2)];
    Draft::new(&world.region, &world.county, "down", runs, vec![campaign()])
}

fn join(world: &World) -> Draft {
    let mut draft = up(world);
    draft.manifest["join"] = serde_json::to_value(world.proof()).unwrap();
    draft
}

fn up_if(world: &World, broken: bool, fault: impl FnOnce(&mut Draft)) -> Vec<u8> {
    let mut draft = up(world);
    if broken {
        fault(&mut draft);
    }
    draft.build()
}

/// Lines of the upward package, to be changed.
fn up_lines(world: &World, broken: bool, fault: impl FnOnce(&mut Vec<String>)) -> Vec<u8> {
    up_if(world, broken, |draft| {
        let mut runs = upward_runs(world);
        runs.sort_by_key(|run| (run.device.clone(), run.office.clone()));
        let mut lines: Vec<String> = runs.into_iter().flat_map(|run| run.lines).collect();
        fault(&mut lines);
        draft.set_lines(lines.iter().map(|line| format!("{line}\n")).collect::<String>().as_bytes());
    })
}

fn up_bytes(world: &World, broken: bool, fault: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = up(world).build();
    if broken {
        fault(&mut bytes);
    }
    bytes
}

fn set(value: &mut Value, path: &str, new: Value) {
    *value.pointer_mut(path).unwrap() = new;
}

fn rename(content: &mut Content, name: &str) {
    content.name = name.into();
    content.header[..100].fill(0);
    content.header[..name.len()].copy_from_slice(name.as_bytes());
    checksum(&mut content.header);
}

fn case(name: &'static str, code: &'static str, what: &'static str, build: fn(&World, bool) -> Vec<u8>) -> Case {
    Case { name, code: Some(code), what, build, opener: region, large: false }
}

fn good(
    name: &'static str,
    what: &'static str,
    build: fn(&World, bool) -> Vec<u8>,
    opener: fn(&World) -> Known,
) -> Case {
    Case { name, code: None, what, build, opener, large: false }
}

pub fn all() -> Vec<Case> {
    vec![
        good(
            "good-up",
            "county to region: its own and its station's revisions, a photograph, a receipt",
            |w, _| up(w).build(),
            region,
        ),
        good(
            "good-down",
            "region to county: what it wrote on the county's records, a campaign file",
            |w, _| down(w).build(),
            county,
        ),
        good("good-join", "the county's first package, to a region that invited it", |w, _| join(w).build(), inviting),
        good(
            "good-unknown-keys",
            "keys this version does not know, and `requires` empty",
            |w, _| {
                let mut draft = up(w);
                draft.manifest["relay"] = json!({"later": true});
                draft.manifest["entries"][0]["later"] = json!(1);
                draft.build()
            },
            region,
        ),
        good(
            "good-fork",
            "a restored copy wrote one sequence twice: both lines, the smaller id first",
            |w, _| {
                let mut draft = up(w);
                let mut runs = upward_runs(w);
                let extra = runs[0].lines[1].replace("口罩厂", "纺织厂");
                runs[0].lines.insert(1, extra);
                runs[0].lines[1..3].sort_by_key(|line| Hash32::of(line.as_bytes()));
                runs.sort_by_key(|run| (run.device.clone(), run.office.clone()));
                let text: String = runs.iter().flat_map(|run| &run.lines).map(|line| format!("{line}\n")).collect();
                draft.set_lines(text.as_bytes());
                draft.manifest["counts"]["revisions"] = json!(6);
                draft.build()
            },
            region,
        ),
        // The file.
        case("not-a-package", "not-a-package", "a text file", |w, b| if b { b"hello".to_vec() } else { up(w).build() }),
        case("not-a-package-inside", "not-a-package", "an age file to us with something else in it", |w, b| {
            if b { encrypt(&[w.region.keys.age.recipient()], &vec![b'x'; 70_000]) } else { up(w).build() }
        }),
        case("truncated", "truncated", "the last 100 bytes are missing", |w, b| {
            up_bytes(w, b, |bytes| bytes.truncate(bytes.len() - 100))
        }),
        case("truncated-early", "truncated", "only the first 30,000 bytes", |w, b| {
            up_bytes(w, b, |bytes| bytes.truncate(30_000))
        }),
        case("extended", "extended", "one byte more at the end of the file", |w, b| {
            up_bytes(w, b, |bytes| bytes.push(0))
        }),
        case("extended-inside", "extended", "512 bytes more after the end mark of the archive", |w, b| {
            up_if(w, b, |d| d.tail = vec![0; 512])
        }),
        case("flipped", "flipped", "one bit near the end", |w, b| {
            up_bytes(w, b, |bytes| {
                let at = bytes.len() - 50;
                bytes[at] ^= 1
            })
        }),
        case("flipped-manifest", "flipped", "one bit in the manifest", |w, b| {
            up_bytes(w, b, |bytes| bytes[20_000] ^= 1)
        }),
        case("cannot-decrypt", "cannot-decrypt", "encrypted to the county only", |w, b| {
            up_if(w, b, |d| {
                d.recipients.remove(0);
            })
        }),
        // Format.
        case("newer-format", "newer-format", "format 2", |w, b| up_if(w, b, |d| d.manifest["format"] = json!(2))),
        case("newer-format-requires", "newer-format", "requires a feature", |w, b| {
            up_if(w, b, |d| d.manifest["requires"] = json!(["relay"]))
        }),
        case("newer-format-suite", "newer-format", "another suite", |w, b| {
            up_if(w, b, |d| d.manifest["suite"] = json!("sm2+sm3+sm4"))
        }),
        case("manifest-malformed", "manifest-malformed", "no recipient", |w, b| {
            up_if(w, b, |d| {
                d.manifest.as_object_mut().unwrap().remove("recipient");
            })
        }),
        case(
            "manifest-malformed-created",
            "manifest-malformed",
            "made on the last moment a number can hold",
            |w, b| up_if(w, b, |d| d.manifest["created"] = json!(i64::MAX)),
        ),
        Case {
            large: true,
            ..case("manifest-too-large", "manifest-too-large", "17 chunks of manifest", |w, b| {
                up_if(w, b, |d| {
                    d.manifest["filler"] = json!("x".repeat(16 * 65_536));
                })
            })
        },
        case("duplicate-key", "duplicate-key", "the recipient stands twice", |w, b| {
            up_if(w, b, |d| {
                d.text = Some(d.manifest.to_string().replacen('{', "{\"recipient\":\"640000\",", 1));
            })
        }),
        case("duplicate-key-nested", "duplicate-key", "an entry's size stands twice", |w, b| {
            up_if(w, b, |d| {
                d.text = Some(d.manifest.to_string().replacen("\"raw\":", "\"raw\":1,\"raw\":", 1));
            })
        }),
        // Sender and receiver.
        case("unknown-sender", "unknown-sender", "a county the region never met", |w, b| {
            let from = if b { &w.stranger } else { &w.county };
            let office = from.office.as_str().to_owned();
            Draft::new(from, &w.region, "up", vec![Run::new(&from.device_id(), &office, &office, 1, 1)], vec![]).build()
        }),
        case("signature-wrong", "signature-wrong", "signed by another device", |w, b| {
            up_if(w, b, |d| d.signer = w.stranger.device.clone())
        }),
        case("signature-wrong-text", "signature-wrong", "the signature of another text", |w, b| {
            up_if(w, b, |d| {
                d.signature = Some(d.signer.sign(b"another text", "sweepbook-package").unwrap());
            })
        }),
        case("signature-malformed", "signature-malformed", "a signature cut short", |w, b| {
            up_if(w, b, |d| {
                let whole = d.signer.sign(b"", "sweepbook-package").unwrap();
                d.signature = Some(whole[..whole.len() - 9].to_owned() + "\n");
            })
        }),
        case("legacy-signature", "legacy-signature", "valid, but made in the old way, not of the hash", |w, b| {
            up_if(w, b, |d| d.signature = Some("legacy".into()))
        }),
        case("certificate-wrong", "certificate-wrong", "certified by another root", |w, b| {
            up_if(w, b, |d| {
                let signed = w.stranger.keys.certify(&w.county.office, &w.county.device.public()).unwrap();
                d.manifest["sender"]["certificate"] = serde_json::to_value(signed).unwrap();
            })
        }),
        case("roster-wrong", "roster-wrong", "the roster is signed by another root", |w, b| {
            up_if(w, b, |d| {
                let signed = w.stranger.keys.sign_roster(&w.county.office, 2, &[w.county.device.public()]).unwrap();
                d.manifest["sender"]["roster"] = serde_json::to_value(signed).unwrap();
            })
        }),
        case("device-not-in-roster", "device-not-in-roster", "the roster lists another device only", |w, b| {
            up_if(w, b, |d| {
                d.manifest["sender"]["roster"] = w.county.roster(&[w.stranger.device.public()]);
            })
        }),
        case("wrong-recipient", "wrong-recipient", "encrypted to the region, but addressed to the nation", |w, b| {
            up_if(w, b, |d| d.manifest["recipient"] = json!("000000"))
        }),
        Case {
            opener: county,
            ..case("own-package", "own-package", "opened by the county that made it", |w, b| {
                if b { up(w).build() } else { down(w).build() }
            })
        },
        case("wrong-direction", "wrong-direction", "a county sends down to its region", |w, b| {
            up_if(w, b, |d| d.manifest["direction"] = json!("down"))
        }),
        case("signer-not-entitled", "signer-not-entitled", "records of the neighbouring county", |w, b| {
            let office = if b { "640122" } else { "640121" };
            Draft::new(
                &w.county,
                &w.region,
                "up",
                vec![Run::new(&w.county.device_id(), office, "640121", 1, 1)],
                vec![],
            )
            .build()
        }),
        case(
            "signer-not-entitled-author",
            "signer-not-entitled",
            "a stream the region itself wrote, said to be the county's",
            |w, b| {
                let author = if b { w.region.device_id() } else { w.county.device_id() };
                Draft::new(&w.county, &w.region, "up", vec![Run::new(&author, "640121", "640121", 1, 1)], vec![])
                    .build()
            },
        ),
        Case {
            opener: county,
            ..case("out-of-scope", "out-of-scope", "the region sends down the neighbouring county's records", |w, b| {
                let office = if b { "640122" } else { "640121" };
                Draft::new(
                    &w.region,
                    &w.county,
                    "down",
                    vec![Run::new(&w.region.device_id(), office, "640000", 1, 1)],
                    vec![],
                )
                .build()
            })
        },
        case("campaign-upward", "campaign-upward", "a county hands a campaign up", |w, b| {
            let others = if b { vec![photo(), campaign()] } else { vec![photo()] };
            Draft::new(&w.county, &w.region, "up", upward_runs(w), others).build()
        }),
        // Joining.
        Case {
            opener: inviting,
            ..case("join-proof-wrong", "join-proof-wrong", "the proof is under another secret", |w, b| {
                let mut draft = join(w);
                if b {
                    draft.manifest["join"]["hmac"] = json!("00".repeat(32));
                }
                draft.build()
            })
        },
        Case {
            opener: inviting,
            ..case("invitation-unknown", "invitation-unknown", "an invitation nobody gave out", |w, b| {
                let mut draft = join(w);
                if b {
                    draft.manifest["join"]["invitation"] = json!("00000000-0000-0000-0000-000000009999");
                }
                draft.build()
            })
        },
        // The archive.
        case("entry-missing", "entry-missing", "the photograph is listed and not there", |w, b| {
            up_if(w, b, |d| {
                d.contents.pop();
            })
        }),
        case("entry-missing-first", "entry-missing", "the revisions are listed and not there", |w, b| {
            up_if(w, b, |d| {
                d.contents.remove(0);
            })
        }),
        case("entry-extra", "entry-extra", "a photograph that is not listed", |w, b| {
            up_if(w, b, |d| {
                d.contents.push(Content::new(&format!("att/{}", "ff".repeat(32)), b"extra".to_vec()));
            })
        }),
        case("entry-extra-name", "entry-extra", "an entry of no known kind", |w, b| {
            up_if(w, b, |d| {
                d.contents.push(Content::new("readme.txt", b"extra".to_vec()));
                let raw = d.manifest["entries"][0]["raw"].clone();
                d.list();
                d.manifest["entries"][0]["raw"] = raw;
            })
        }),
        case("entry-out-of-order", "entry-out-of-order", "the photograph before the revisions", |w, b| {
            up_if(w, b, |d| d.contents.swap(0, 1))
        }),
        case("entry-out-of-order-listed", "entry-out-of-order", "listed in that order too", |w, b| {
            up_if(w, b, |d| {
                d.contents.swap(0, 1);
                let entries = d.manifest["entries"].as_array_mut().unwrap();
                entries.swap(0, 1);
            })
        }),
        case("path-like-name", "path-like-name", "a photograph named ../x", |w, b| {
            up_if(w, b, |d| rename(&mut d.contents[1], "att/../../x"))
        }),
        case("path-like-name-listed", "path-like-name", "listed under that name too", |w, b| {
            up_if(w, b, |d| {
                rename(&mut d.contents[1], "/etc/x");
                set(&mut d.manifest, "/entries/1/name", json!("/etc/x"));
            })
        }),
        case("link-entry", "link-entry", "the photograph is a symbolic link", |w, b| {
            up_if(w, b, |d| {
                d.contents[1].header[156] = b'2';
                checksum(&mut d.contents[1].header);
            })
        }),
        case("archive-malformed", "archive-malformed", "an entry with an owner", |w, b| {
            up_if(w, b, |d| {
                d.contents[1].header[108..116].copy_from_slice(b"0001750\0");
                checksum(&mut d.contents[1].header);
            })
        }),
        case("archive-malformed-pax", "archive-malformed", "an extended header before the photograph", |w, b| {
            up_if(w, b, |d| {
                let mut pax = Content::new("att/pax", b"13 path=evil\n".to_vec());
                pax.header[156] = b'x';
                checksum(&mut pax.header);
                d.contents.insert(1, pax);
            })
        }),
        case("entry-hash-wrong", "entry-hash-wrong", "another photograph of the same size", |w, b| {
            up_if(w, b, |d| d.contents[1].bytes[3] ^= 1)
        }),
        case("entry-hash-wrong-revisions", "entry-hash-wrong", "one bit of the packed revisions", |w, b| {
            up_if(w, b, |d| {
                let at = d.contents[0].bytes.len() / 2;
                d.contents[0].bytes[at] ^= 1;
            })
        }),
        case("entry-size-wrong", "entry-size-wrong", "the revisions are shorter than declared", |w, b| {
            up_if(w, b, |d| {
                let raw = d.manifest["entries"][0]["raw"].as_u64().unwrap();
                d.manifest["entries"][0]["raw"] = json!(raw + 1);
            })
        }),
        case("entry-malformed", "entry-malformed", "a second compressed frame behind the first", |w, b| {
            up_if(w, b, |d| {
                let mut packed = d.contents[0].bytes.clone();
                packed.extend(compress(b"more\n", 20));
                d.set_packed(packed);
            })
        }),
        case("entry-too-large", "entry-too-large", "an entry of 64 MiB and a byte, by its own word", |w, b| {
            up_if(w, b, |d| {
                d.manifest["entries"][0]["raw"] = json!((64 << 20) + 1);
            })
        }),
        case("bomb", "bomb", "32 MiB of line feeds, declared as a few hundred bytes", |w, b| {
            up_if(w, b, |d| d.set_packed(compress(&vec![b'\n'; 32 << 20], 20)))
        }),
        case("bomb-window", "bomb", "asks for a window of 128 MiB", |w, b| {
            up_if(w, b, |d| {
                let mut runs = upward_runs(w);
                runs.sort_by_key(|run| (run.device.clone(), run.office.clone()));
                let text: String = runs.iter().flat_map(|run| &run.lines).map(|line| format!("{line}\n")).collect();
                d.set_packed(compress(text.as_bytes(), 27));
            })
        }),
        // The revisions.
        case("counts-wrong", "counts-wrong", "one revision more than counted", |w, b| {
            up_if(w, b, |d| d.manifest["counts"]["revisions"] = json!(4))
        }),
        case("counts-wrong-records", "counts-wrong", "one record more than counted", |w, b| {
            up_if(w, b, |d| d.manifest["counts"]["records"] = json!(4))
        }),
        case("counts-wrong-attachments", "counts-wrong", "no photograph counted", |w, b| {
            up_if(w, b, |d| d.manifest["counts"]["attachments"] = json!(0))
        }),
        case("stream-wrong", "stream-wrong", "a sequence is left out", |w, b| {
            up_lines(w, b, |lines| {
                lines.remove(1);
            })
        }),
        case("stream-wrong-order", "stream-wrong", "two sequences change places", |w, b| {
            up_lines(w, b, |lines| lines.swap(0, 1))
        }),
        case("stream-wrong-short", "stream-wrong", "the last stream is declared longer than it is", |w, b| {
            up_if(w, b, |d| {
                let last = d.manifest["streams"][1]["last"].as_u64().unwrap();
                d.manifest["streams"][1]["last"] = json!(last + 1);
            })
        }),
        case("line-malformed", "line-malformed", "a floating-point number in a field", |w, b| {
            up_lines(w, b, |lines| {
                lines[0] = lines[0].replace("\"name\":", "\"size\":1.5,\"name\":");
            })
        }),
        case("line-malformed-duplicate", "line-malformed", "a field stands twice in a line", |w, b| {
            up_lines(w, b, |lines| {
                lines[0] = lines[0].replace("\"name\":", "\"name\":\"\",\"name\":");
            })
        }),
        case("line-malformed-clock", "line-malformed", "the clock of a revision is beyond the year 9999", |w, b| {
            up_lines(w, b, |lines| {
                lines[0] = lines[0].replace(&format!("\"clock\":[{NOW},"), &format!("\"clock\":[{},", i64::MAX));
            })
        }),
        case("line-keys-unknown", "line-keys-unknown", "65 keys that no version knows", |w, b| {
            up_lines(w, b, |lines| {
                let keys: String = (0..65).map(|n| format!("\"later{n}\":{n},")).collect();
                lines[0] = lines[0].replacen('{', &format!("{{{keys}"), 1);
            })
        }),
        case("line-too-long", "line-too-long", "a line of more than 1 MiB", |w, b| {
            up_lines(w, b, |lines| {
                lines[0] = lines[0].replace("\"name\":", &format!("\"address\":\"{}\",\"name\":", "x".repeat(1 << 20)));
            })
        }),
        case("line-end-missing", "line-end-missing", "the last line has no line feed", |w, b| {
            up_if(w, b, |d| {
                let mut raw = zstd::stream::decode_all(&d.contents[0].bytes[..]).unwrap();
                raw.pop();
                d.set_lines(&raw);
            })
        }),
    ]
}
