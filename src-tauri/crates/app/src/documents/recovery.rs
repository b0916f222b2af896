//! 密钥恢复单, as a page or as text. Its words are data (`assets/documents/recovery.toml`); it is never kept, and never handed to a viewer.

use std::path::Path;
use std::sync::OnceLock;

use domain::Notice;
use forms::Document;
use forms::document::{Pair, Part, Section, Signature};
use serde::Deserialize;

use crate::failure::{Failure, Outcome};
use crate::files::write_private;
use crate::offices::keys::office_keys;
use crate::session::{Reading, Writing, meta};

const FILE: &str = include_str!("../../../../../assets/documents/recovery.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Layout {
    title: String,
    office: String,
    day: String,
    told: String,
    keys: String,
    fingerprint: String,
    root: String,
    public: String,
    age: String,
    offline: String,
    signatures: Vec<String>,
    signed_on: String,
    steps: String,
}

fn layout() -> &'static Layout {
    static LAYOUT: OnceLock<Layout> = OnceLock::new();
    LAYOUT.get_or_init(|| toml::from_str(FILE).expect("checked by a test"))
}

/// All keys of an office, as text.
struct Sheet {
    office: String,
    office_name: String,
    /// In Chinese and in English.
    fingerprint: [String; 2],
    root: String,
    public: String,
    age: String,
    offline: String,
}

impl Sheet {
    fn text(&self) -> String {
        let [chinese, english] = &self.fingerprint;
        format!(
            "Sweepbook 排查台账 · 密钥恢复单 Recovery sheet\n\n\
             填报单位 Office: {} {}\n\
             指纹 Fingerprint: {chinese}\n             {english}\n\n\
             单位根密钥（签发邀请和设备证书） Root key, secret:\n{}\n\
             单位根公钥 Root key, public:\n{}\n\n\
             收件密钥（age，可用 age 工具打开数据包） Package key, secret:\n{}\n\n\
             离线恢复密钥 Offline recovery key, secret:\n{}\n\n\
             请打印后密封保管，并删除此文件。持有本页的人可以以本单位名义签发并阅读本单位的数据包。\n\
             Print, seal and lock away, then delete this file. Whoever holds this sheet can sign and read in the office's name.\n",
            self.office, self.office_name, self.root, self.public, self.age, self.offline,
        )
    }
}

impl Reading {
    fn sheet(&self) -> Outcome<Sheet> {
        let (keys, recovery) =
            self.read::<_, Failure>(|reader| Ok((office_keys(reader)?, reader.meta(meta::RECOVERY_KEY)?)))?;
        let keys = keys.ok_or_else(|| Notice::new("no-office-keys"))?;
        let root = keys.root.public();
        let print = root.fingerprint();
        Ok(Sheet {
            office: self.office().to_string(),
            office_name: self.office_name().to_owned(),
            fingerprint: [print.chinese().join(" "), print.english().join(" ")],
            root: keys.root.to_text(),
            public: root.to_text(),
            age: keys.age.to_text(),
            offline: recovery.unwrap_or_default(),
        })
    }
}

impl Writing {
    /// The recovery sheet: everything that must survive the loss of this computer, to print and lock away. A page where the
    /// file is called `.pdf`, text otherwise.
    pub fn write_keys(&mut self, to: &Path) -> Outcome<()> {
        if let Some(notice) = self.read_only() {
            return Err(notice.into());
        }
        let sheet = self.sheet()?;
        let today = self.clock().today().to_string();
        let page = to.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pdf"));
        let content = match page {
            true => self.document_pdf(&recovery(&sheet, &today))?,
            false => sheet.text().into_bytes(),
        };
        write_private(to, &content, false)?;
        self.transact::<_, Failure>(|writer| Ok(writer.set_meta(meta::SHEET, &today)?))?;
        Ok(())
    }
}

fn recovery(sheet: &Sheet, day: &str) -> Document {
    let layout = layout();
    let key = |label: &str, key: &str| Part::Key { label: label.to_owned(), key: key.to_owned() };
    let print = sheet.fingerprint.join("\n");
    let told = vec![
        Part::Pairs(vec![Pair { label: layout.fingerprint.clone(), value: print }]),
        Part::Words { text: layout.steps.trim().to_owned(), lines: 1 },
    ];
    let keys = vec![
        key(&layout.root, &sheet.root),
        key(&layout.public, &sheet.public),
        key(&layout.age, &sheet.age),
        key(&layout.offline, &sheet.offline),
    ];
    let signature = |label: &String| Signature { label: label.clone(), ..Signature::default() };
    Document {
        title: layout.title.clone(),
        author: sheet.office_name.clone(),
        head: vec![(
            format!("{}{} {}", layout.office, sheet.office, sheet.office_name),
            format!("{}{day}", layout.day),
        )],
        sections: vec![
            Section { heading: layout.told.clone(), parts: told },
            Section { heading: layout.keys.clone(), parts: keys },
        ],
        signatures: layout.signatures.iter().map(signature).collect(),
        day: layout.signed_on.clone(),
        ..Document::default()
    }
}
