//! 后处理 as the page asks for it.

use app::failure::Outcome;
use app::messages::Language;
use app::records::batches::{BatchPage, BatchQuery, BatchView};
use app::session::Reading;
use serde::Deserialize;
use ts_rs::TS;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FindBatches {
    pub campaign: Option<String>,
    /// Only those with something left to do.
    pub open: bool,
    /// Words, numbers or initials to find them by; blank for all.
    pub text: String,
    pub after: Option<i64>,
    pub limit: u32,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct GetBatch {
    pub sample: String,
}

pub fn list(session: &Reading, input: FindBatches, _: Language) -> Outcome<BatchPage> {
    session.batches(BatchQuery {
        campaign: input.campaign,
        open: input.open,
        text: input.text,
        after: input.after,
        limit: input.limit as usize,
    })
}

pub fn get(session: &Reading, input: GetBatch, language: Language) -> Outcome<BatchView> {
    session.batch(input.sample.parse()?, language)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::{Value, json};

    use crate::Backend;
    use app::clock::Clock;

    fn ask(backend: &mut Backend, request: Value) -> Value {
        let reply: Value = serde_json::from_str(&backend.dispatch(&request.to_string())).unwrap();
        if reply["error"].is_null() { reply["ok"].clone() } else { reply["error"].clone() }
    }

    fn save(backend: &mut Backend, kind: &str, id: Option<&str>, fields: Value) -> Value {
        ask(
            backend,
            json!({"do": "record_save", "kind": kind, "id": id, "campaigns": null, "overrides": {"campaigns-missing": "不属于任何一项"}, "void": null, "fields": fields}),
        )
    }

    fn id(saved: &Value) -> String {
        saved["record"]["id"].as_str().unwrap_or_else(|| panic!("{saved}")).to_owned()
    }

    /// A book with one nonconforming sample of 1,000 pieces and one that conforms; the id of the first.
    fn book(folder: &Path) -> (Backend, String) {
        // 2021-05-27, noon in China.
        let mut backend = Backend::at(folder.join("a.book"), Vec::new(), Clock::Fixed(1_622_088_000_000));
        ask(
            &mut backend,
            json!({"do": "book_create", "office": "640121", "name": "永宁县市场监督管理局", "inspector": "张三"}),
        );
        let enterprise = id(&save(&mut backend, "enterprise", None, json!({"name": "甲厂", "roles": ["producer"]})));
        let sample = |number: &str, result: &str| {
            json!({"number": number, "enterprise": enterprise, "product_name": "口罩", "category": "mask",
                "sampled_on": "2021-05-01", "reported_on": "2021-05-10", "authority": "market", "result": result,
                "nonconforming_quantity": if result == "nonconforming" { json!(1000) } else { Value::Null },
                "failed_items": ["过滤效率"], "entered_market": "yes"})
        };
        save(&mut backend, "sample", None, sample("K1", "conforming"));
        let nonconforming = id(&save(&mut backend, "sample", None, sample("K2", "nonconforming")));
        (backend, nonconforming)
    }

    fn batch(backend: &mut Backend, sample: &str) -> Value {
        ask(backend, json!({"do": "batch", "sample": sample}))
    }

    fn open(backend: &mut Backend, open: bool) -> Vec<Value> {
        let page = ask(
            backend,
            json!({"do": "batches", "campaign": null, "open": open, "text": "", "after": null, "limit": 20}),
        );
        page["batches"].as_array().unwrap_or_else(|| panic!("{page}")).clone()
    }

    fn left(batch: &Value) -> Vec<&str> {
        batch["todo"].as_array().unwrap().iter().map(|todo| todo["id"].as_str().unwrap()).collect()
    }

    #[test]
    fn a_batch_from_the_result_to_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let (mut backend, sample) = book(folder.path());
        let begun = batch(&mut backend, &sample);
        assert_eq!(begun["disposal"], Value::Null);
        assert_eq!(begun["balance"]["unaccounted"], 1000);
        assert_eq!(left(&begun), ["stop_sale", "account", "rectify", "reinspect", "file"]);
        assert_eq!(open(&mut backend, true).len(), 1, "what conforms is not in the list");
        let found = |backend: &mut Backend, text: &str| {
            let asked =
                json!({"do": "batches", "campaign": null, "open": true, "text": text, "after": null, "limit": 20});
            ask(backend, asked)["batches"].as_array().unwrap().len()
        };
        assert_eq!((found(&mut backend, "K2"), found(&mut backend, "K1")), (1, 0), "found by its number");

        let disposal = id(&save(
            &mut backend,
            "disposal",
            None,
            json!({"sample": sample, "stop_sale_on": "2021-05-11", "sealed_on": "2021-05-11", "sealed_quantity": 700}),
        ));
        let after = batch(&mut backend, &sample);
        assert_eq!((&after["balance"]["sealed"], &after["balance"]["unaccounted"]), (&json!(700), &json!(300)));
        assert_eq!(left(&after)[0], "account");
        let kinds: Vec<&str> =
            after["events"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["sample", "sample", "disposal", "disposal"]);

        // 恢复生产 is closed until a re-inspection has passed, and the page knows before anyone types.
        let resume = |batch: &Value| {
            batch["steps"].as_array().unwrap().iter().find(|step| step["id"] == "resume").unwrap().clone()
        };
        assert_eq!(resume(&after)["blocked"]["code"], "resumed-without-reinspection");
        let refused = save(&mut backend, "disposal", Some(&disposal), json!({"resumed_on": "2021-05-26"}));
        assert_eq!(refused["errors"][0]["code"], "resumed-without-reinspection");

        let fields = json!({"flows": [{"destination": "吴忠市", "quantity": 300, "handled": true}],
            "rectify_ordered_on": "2021-05-11", "rectify_by": "2021-05-20"});
        save(&mut backend, "disposal", Some(&disposal), fields);
        let late = batch(&mut backend, &sample);
        assert_eq!(late["balance"]["unaccounted"], 0);
        assert_eq!((left(&late)[0], late["todo"][0]["overdue"].as_bool()), ("reinspect", Some(true)), "{late}");
        assert_eq!(open(&mut backend, true)[0]["todo"][0]["overdue"], true);

        let fields = json!({"reinspected_on": "2021-05-26", "reinspection": "pass", "destroyed_on": "2021-05-26", "destroyed_quantity": 700});
        save(&mut backend, "disposal", Some(&disposal), fields);
        let done = batch(&mut backend, &sample);
        assert_eq!((done["settled"].as_bool(), resume(&done)["blocked"].clone()), (Some(true), Value::Null));
        assert_eq!(left(&done), ["file", "resume"]);
        assert!(open(&mut backend, true).is_empty());
        assert_eq!(open(&mut backend, false).len(), 1);
        save(&mut backend, "disposal", Some(&disposal), json!({"resumed_on": "2021-05-27"}));
        assert_eq!(
            batch(&mut backend, &sample)["events"].as_array().unwrap().last().unwrap()["id"],
            "trace",
            "no day, so last"
        );
    }

    #[test]
    fn a_batch_is_asked_for_by_its_sample() {
        let folder = tempfile::tempdir().unwrap();
        let (mut backend, sample) = book(folder.path());
        let other = id(&save(&mut backend, "disposal", None, json!({"sample": sample})));
        for id in [other.as_str(), "00000000-0000-4000-8000-000000000009"] {
            assert_eq!(batch(&mut backend, id)[0]["code"], "record-unknown");
        }
    }
}
