//! The words of this crate's notices, in both languages.

extern crate sweepbook_domain as domain;

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{CATALOGUES, id, words};
use domain::findings::{
    Presence, Reference, SameNumber, broken_references, disposals_without_cause, numbers_twice, same_as_findings,
    second_disposals,
};
use domain::{Date, DeviceId, OfficeCode, RecordId, Revision, RevisionId};

#[test]
fn both_languages_have_every_code_whole() {
    let [zh, en] = CATALOGUES.map(|catalogue| catalogue.parse::<toml::Table>().unwrap());
    let codes = |catalogue: &toml::Table| catalogue.keys().cloned().collect::<BTreeSet<String>>();
    assert_eq!(codes(&zh), codes(&en));
    for (catalogue, other_script) in [(&zh, false), (&en, true)] {
        for (code, entry) in catalogue {
            let keys: Vec<&String> = entry.as_table().unwrap().keys().collect();
            assert_eq!(keys, ["message", "remedy"], "{code}");
            for part in ["message", "remedy"] {
                let text = entry[part].as_str().unwrap();
                assert!(text.trim_end().len() > 5 && text.is_ascii() == other_script, "{code}: {text}");
            }
        }
    }
}

#[test]
fn ids_and_revisions_that_cannot_be_read_have_words() {
    words(&"x".parse::<RecordId>().unwrap_err());
    words(&"x".parse::<RevisionId>().unwrap_err());
    words(&"x".parse::<DeviceId>().unwrap_err());
    words(&"x".parse::<OfficeCode>().unwrap_err());
    words(&"x".parse::<Date>().unwrap_err());
    words(&Revision::from_line(b"x").unwrap_err());
    words(&Revision::from_line(&[b' '; (1 << 20) + 1]).unwrap_err());
}

#[test]
fn findings_have_words() {
    let links = BTreeMap::from([(id(1), id(2)), (id(2), id(1)), (id(3), id(8)), (id(4), id(9))]);
    let presence = |record: RecordId| match record {
        record if record == id(8) => Presence::Voided,
        record if record == id(9) => Presence::Absent,
        _ => Presence::Live,
    };
    let mut found = same_as_findings(&links, &presence);
    found.extend(second_disposals([(id(1), id(2)), (id(1), id(3))]));
    let reference = |to| Reference { from: id(1), kind: "case".into(), field: "enterprise".into(), to: id(to) };
    found.extend(broken_references([reference(8), reference(9)], &presence));
    found.extend(disposals_without_cause([(id(1), id(2), None)]));
    let twice = SameNumber {
        kind: "sample".into(),
        field: "number".into(),
        number: "S1".into(),
        records: BTreeSet::from([id(1), id(2)]),
    };
    found.extend(numbers_twice([twice], &|record| record));
    let worded: BTreeSet<&str> = found.iter().map(|finding| finding.notice.code.as_str()).collect();
    for finding in &found {
        words(&finding.notice);
    }
    let catalogue: toml::Table = CATALOGUES[0].parse().unwrap();
    let listed: BTreeSet<&str> =
        catalogue.keys().map(String::as_str).filter(|code| code.starts_with("finding-")).collect();
    assert_eq!(worded, listed);
}
