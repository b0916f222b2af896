//! The one list of actions. It makes the router and the TypeScript: an action without a handler does not compile, and a
//! test refuses generated files that have gone stale.

use domain::Notice;
use serde_json::Value;
use ts_rs::{Config, TS};

use super::{Desk, documents, enterprises, open, packages, printing, records, tables};
use crate::failure::Outcome;
use crate::messages::Language;

macro_rules! actions {
    ($($name:ident: $input:ty => $output:ty = $handler:path;)*) => {
        pub(super) fn route(desk: &mut Desk, action: &str, input: Value, language: Language) -> Outcome<Value> {
            match action {
                $(stringify!($name) => {
                    let input: $input = serde_json::from_value(input)
                        .map_err(|error| Notice::new("request-malformed").with("reason", format!("{action}: {error}")))?;
                    let output: $output = $handler(desk, input, language)?;
                    Ok(serde_json::to_value(output).unwrap_or_default())
                })*
                _ => Err(Notice::new("action-unknown").with("value", action).into()),
            }
        }

        /// The declarations of every request and reply, and the list that says which belongs to which.
        pub fn typescript() -> String {
            let config = Config::new();
            let mut declared = Declared { config: &config, found: Default::default() };
            $(
                declared.add::<$input>();
                declared.add::<$output>();
            )*
            let mut text = String::from(
                "// Generated from the program's own types (crate app, module desk). Do not edit: `cargo test -p sweepbook-app`\n\
                 // says when it is stale, and with SWEEPBOOK_UPDATE=1 writes it anew.\n\n\
                 import type { Fields, Kind, Vocabulary } from '../schema'\n\n",
            );
            for declaration in declared.found.values() {
                text.push_str(declaration);
                text.push('\n');
            }
            text.push_str("\nexport interface Actions {\n");
            $(text.push_str(&format!(
                "  {}: {{ in: {}; out: {} }}\n",
                stringify!($name),
                <$input as TS>::name(&config),
                <$output as TS>::name(&config),
            ));)*
            text.push_str("}\n");
            text
        }
    };
}

actions! {
    status: open::Nothing => open::DeskView = open::status;
    book_create: open::CreateBook => open::DeskView = open::create;
    book_open: open::OpenBook => open::DeskView = open::open;
    book_join: open::JoinBook => open::Joined = open::join;
    schema: open::Nothing => open::SchemaView = open::schema;
    divisions: open::FindDivision => Vec<open::DivisionView> = open::divisions;
    keys: open::WriteFile => open::Written = open::keys;
    record_list: records::ListRecords => records::RecordPage = records::list;
    record_get: records::GetRecord => records::RecordRow = records::get;
    record_save: records::SaveRecord => records::Saved = records::save;
    search: records::Search => Vec<records::Hit> = records::search;
    fill: tables::FillForm => tables::FilledView = tables::fill;
    fill_to_file: tables::WriteForm => open::Written = tables::write;
    document_pages: documents::DocumentOf => documents::DocumentView = documents::pages;
    document_to_file: documents::WriteDocument => open::Written = documents::write;
    dossier: enterprises::EnterpriseOf => enterprises::DossierView = enterprises::dossier;
    timeline: enterprises::TimelineOf => crate::dossier::TimelinePage = enterprises::timeline;
    pairs: open::Nothing => enterprises::PairsView = enterprises::pairs;
    compare: enterprises::TwoEnterprises => enterprises::Comparison = enterprises::compare;
    enterprise_join: enterprises::JoinEnterprises => open::Nothing = enterprises::join;
    enterprise_split: enterprises::EnterpriseOf => open::Nothing = enterprises::split;
    pair_set_apart: enterprises::SetApart => open::Nothing = enterprises::set_apart;
    print_pages: printing::PrintPages => open::Nothing = printing::print;
    trace: tables::TraceCell => Vec<records::RecordRow> = tables::trace;
    cells: tables::CellsOf => Vec<tables::CellPlace> = tables::cells;
    export: packages::Export => packages::ExportedView = packages::export;
    import_plan: packages::Import => packages::PlanView = packages::plan;
    import_apply: packages::Import => packages::PlanView = packages::apply;
    undo: packages::Undo => crate::packages::PlanCounts = packages::undo;
    packages: open::Nothing => Vec<packages::PackageLine> = packages::list;
    invite: packages::Invite => crate::offices::InvitationView = packages::invite;
    conflicts: open::Nothing => Vec<packages::ConflictLine> = packages::conflicts;
    resolve: packages::Resolve => open::Nothing = packages::resolve;
}

/// Collects the declaration of a type and of everything it is made of, once each, by name.
struct Declared<'a> {
    config: &'a Config,
    found: std::collections::BTreeMap<String, String>,
}

impl Declared<'_> {
    fn add<T: TS + 'static + ?Sized>(&mut self) {
        ts_rs::TypeVisitor::visit::<T>(self);
    }
}

impl ts_rs::TypeVisitor for Declared<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Only named types of our own have a place to be exported to; lists and numbers are written where they stand.
        if T::output_path().is_some() {
            let name = T::ident(self.config);
            if self.found.contains_key(&name) {
                return;
            }
            let docs = T::docs().unwrap_or_default();
            self.found.insert(name, format!("{docs}export {}\n", T::decl(self.config)));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::clock::Clock;

    #[test]
    fn the_pages_types_are_those_of_the_program() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/bridge/generated/actions.ts");
        let text = typescript();
        if std::env::var_os("SWEEPBOOK_UPDATE").is_some() {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, &text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&file).unwrap_or_default(), text, "run with SWEEPBOOK_UPDATE=1");
    }

    fn ask(desk: &mut Desk, request: &str) -> Value {
        serde_json::from_str(&desk.dispatch(request)).unwrap()
    }

    fn desk(folder: &Path) -> Desk {
        // 2021-05-27, noon in China.
        Desk::at(folder.join("new/a.book"), Vec::new(), Clock::Fixed(1_622_088_000_000))
    }

    #[test]
    fn what_the_page_should_not_send_comes_back_with_a_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let mut desk = desk(folder.path());
        for (request, code) in [
            ("", "request-malformed"),
            ("[]", "request-malformed"),
            (r#"{"lang":"zh"}"#, "request-malformed"),
            (r#"{"do":"dance"}"#, "action-unknown"),
            (r#"{"do":"schema"}"#, "no-book-open"),
            (r#"{"do":"status","extra":1}"#, "request-malformed"),
            (r#"{"do":"book_create","office":"999999","name":"x","inspector":""}"#, "division-unknown"),
            (r#"{"do":"book_open","file":"/nowhere/at/all.book"}"#, "file-missing"),
        ] {
            let reply = ask(&mut desk, request);
            let problem = &reply["error"][0];
            assert_eq!(problem["code"], code, "{request}: {reply}");
            assert!(!problem["remedy"].as_str().unwrap().is_empty(), "{request}: {reply}");
            assert!(reply.get("ok").is_none());
        }
        let english = ask(&mut desk, r#"{"lang":"en","do":"schema"}"#);
        assert!(english["error"][0]["message"].as_str().unwrap().is_ascii(), "{english}");
    }

    #[test]
    fn an_inspectors_first_minutes() {
        let folder = tempfile::tempdir().unwrap();
        let mut desk = desk(folder.path());
        assert_eq!(ask(&mut desk, r#"{"do":"status"}"#)["ok"]["book"], Value::Null);
        let made = ask(
            &mut desk,
            r#"{"do":"book_create","office":"640121","name":"永宁县市场监督管理局","inspector":"张三"}"#,
        );
        assert_eq!(made["ok"]["book"]["inspector"], "张三");
        assert_eq!(made["ok"]["today"], "2021-05-27");
        let save = |fields: &str, overrides: &str| {
            format!(
                r#"{{"do":"record_save","kind":"enterprise","id":null,"campaigns":[],"void":null,"overrides":{overrides},"fields":{fields}}}"#
            )
        };

        let refused = ask(&mut desk, &save(r#"{"name":"银川永宁口罩厂"}"#, "{}"));
        assert_eq!(refused["ok"]["record"], Value::Null);
        assert_eq!(refused["ok"]["errors"][0]["field"], "roles");

        // A code whose check digit is wrong warns: asked for a reason first, saved with it, and nothing kept in between.
        let odd = r#"{"name":"银川永宁口罩厂","roles":["producer"],"uscc":"91350100M0001TGQXM"}"#;
        let asked = ask(&mut desk, &save(odd, "{}"));
        assert_eq!(asked["ok"]["record"], Value::Null, "{asked}");
        let code = asked["ok"]["warnings"][0]["code"].as_str().unwrap().to_owned();
        let listed = r#"{"do":"record_list","kind":"enterprise","codes":{},"text":"","enterprise":null,"campaign":null,"with_voided":true,"after":null,"limit":10}"#;
        assert_eq!(ask(&mut desk, listed)["ok"]["total"], 0);
        let saved = ask(&mut desk, &save(odd, &format!(r#"{{"{code}":"执照如此"}}"#)));
        let id = saved["ok"]["record"]["id"].as_str().unwrap().to_owned();
        assert_eq!(ask(&mut desk, listed)["ok"]["records"][0]["id"], id.as_str());
        let hits = ask(&mut desk, r#"{"do":"search","kind":"enterprise","text":"ycyn","limit":5}"#);
        assert_eq!(hits["ok"][0]["id"], id.as_str(), "{hits}");
    }
}
