//! What the counties write down: one function a kind of record, with the fields an inspector fills in.

use domain::{Fields, RecordId, Value, uscc};

use crate::ledger::{County, DAYS, choose, date, person};
use crate::put::Put;
use crate::words::{CAUSES, CHECKED, FAILURES, FINDINGS, LABS, MODELS, ROADS, TRADES, VARIETIES};

const LINES: [(&str, u64); 10] = [
    ("quality", 46),
    ("price", 14),
    ("qualification", 11),
    ("advertising", 7),
    ("competition", 6),
    ("ip", 5),
    ("certification", 5),
    ("public_security", 2),
    ("metrology", 2),
    ("other", 2),
];

impl County {
    pub fn enterprise(&mut self, id: RecordId, put: &mut Put) {
        let name = format!("宁夏{}{}{}有限公司", self.word(), self.word(), self.one(&TRADES));
        put.text("name", &name);
        let mut code = format!("91{}MA", self.office.division());
        for _ in 0..7 {
            code.push(b"0123456789ABCDEFGHJKLMNPQRTUWXY"[self.dice.below(31) as usize] as char);
        }
        code.extend(uscc::check_digit(&code));
        put.text("uscc", code);
        let role =
            *choose(&mut self.dice, &[("producer", 52), ("seller", 34), ("material_producer", 9), ("exporter", 5)]);
        put.fields.insert(format!("roles/{role}"), true.into());
        if role == "producer" && self.often(30) {
            put.fields.insert("roles/exporter".into(), true.into());
        }
        put.text("division", self.office.division());
        let road = self.one(&ROADS);
        put.text("address", format!("{}{road}{}号", self.place, 1 + self.dice.below(980)));
        put.text("legal_representative", person(&mut self.dice));
        put.text("contact", person(&mut self.dice));
        put.text("phone", format!("1{}", 3_000_000_000 + self.dice.below(6_900_000_000)));
        put.text("scale", *choose(&mut self.dice, &[("micro", 45), ("small", 38), ("medium", 13), ("large", 4)]));
        let status = [("producing", 70), ("partial", 12), ("suspended", 9), ("converted", 6), ("closed", 3)];
        put.text("status", *choose(&mut self.dice, &status));
        let (year, month, day) = (2001 + self.dice.below(20), 1 + self.dice.below(12), 1 + self.dice.below(28));
        put.text("established_on", format!("{year}-{month:02}-{day:02}"));
        put.fields.insert("exports".into(), self.often(12).into());
        self.enterprises.push((id, name));
    }

    pub fn product(&mut self, id: RecordId, put: &mut Put) {
        let (enterprise, _) = self.an_enterprise();
        let category = *choose(&mut self.dice, self.categories);
        put.reference("enterprise", enterprise);
        put.text("category", category);
        put.text("name", self.one(&VARIETIES));
        put.text("variety", self.one(&VARIETIES));
        put.text("model", self.one(&MODELS));
        put.text("standard", ["GB/T 32610-2016", "GB 2626-2019", "T/CNTAC 55-2020", "YY 0469-2011"][self.below(4)]);
        put.text("standard_level", ["national", "industry", "association", "enterprise"][self.below(4)]);
        if category == "mask" {
            put.fields.insert("medical".into(), self.often(35).into());
        }
        self.products.push((id, enterprise, category));
    }

    pub fn inspection(&mut self, put: &mut Put) {
        let (enterprise, name) = self.an_enterprise();
        put.text("place", format!("{name}生产车间及成品库"));
        put.reference("enterprise", enterprise);
        put.text("date", self.day(0));
        put.text("started_at", format!("{:02}:{:02}", 8 + self.dice.below(4), self.dice.below(60)));
        put.text("ended_at", format!("{:02}:{:02}", 13 + self.dice.below(4), self.dice.below(60)));
        put.text("mode", *choose(&mut self.dice, &[("special", 55), ("daily", 25), ("random", 15), ("recheck", 5)]));
        let team: Vec<Value> = (0..2 + self.dice.below(3)).map(|_| Value::text(self.inspector())).collect();
        put.fields.insert("inspectors".into(), Value::List(team));
        put.text("person_in_charge", person(&mut self.dice));
        put.text("line", *choose(&mut self.dice, &LINES));
        put.text(
            "department",
            *choose(&mut self.dice, &[("market", 72), ("drug", 18), ("customs", 4), ("commerce", 6)]),
        );
        put.fields.insert(format!("categories/{}", choose(&mut self.dice, self.categories)), true.into());
        if self.often(18) {
            put.fields.insert(format!("categories/{}", choose(&mut self.dice, self.categories)), true.into());
        }
        put.text("stage", *choose(&mut self.dice, &[("production", 55), ("circulation", 35), ("online", 10)]));
        for item in CHECKED.iter().take(3 + self.below(6)) {
            let result = *choose(&mut self.dice, &[("pass", 88), ("fail", 7), ("na", 5)]);
            let answer = Fields::from([("result".to_owned(), Value::text(result))]);
            put.fields.insert(format!("checklist/{item}"), Value::Map(answer));
        }
        let defects = [("approval_defect", 2), ("certification_defect", 3), ("other_defect", 4), ("no_standard", 2)];
        for (defect, percent) in defects {
            if self.often(percent) {
                put.fields.insert(defect.into(), true.into());
            }
        }
        if self.often(40) {
            put.text("findings", self.one(&FINDINGS));
        }
        put.text("outcome", *choose(&mut self.dice, &[("normal", 78), ("rectify", 16), ("case", 5), ("transfer", 1)]));
        self.inspections += 1;
    }

    pub fn problem(&mut self, put: &mut Put) {
        put.reference("enterprise", self.an_enterprise().0);
        let found = self.dice.below(DAYS);
        put.text("found_on", date(found));
        put.text("description", self.one(&FINDINGS));
        put.text("due_on", date((found + 15).min(DAYS - 1)));
        put.text("state", ["open", "rectified", "verified"][self.below(3)]);
    }

    pub fn sample(&mut self, id: RecordId, put: &mut Put) {
        let at = self.below(self.products.len());
        let (product, enterprise, category) = self.products[at];
        put.reference("enterprise", enterprise);
        put.reference("product", product);
        put.text("number", format!("NX{}{:06}", self.office.division(), self.dice.below(1_000_000)));
        put.text("product_name", self.one(&VARIETIES));
        put.text("model", self.one(&MODELS));
        put.text("category", category);
        put.text("variety", self.one(&VARIETIES));
        let day = self.dice.below(DAYS);
        put.text("sampled_on", date(day));
        put.text("produced_on", format!("2021-01-{:02}", 1 + self.dice.below(31)));
        let team: Vec<Value> = (0..2).map(|_| Value::text(self.inspector())).collect();
        put.fields.insert("samplers".into(), Value::List(team));
        put.text("stage", *choose(&mut self.dice, &[("production", 50), ("circulation", 40), ("online", 10)]));
        put.text("authority", *choose(&mut self.dice, &[("market", 85), ("drug", 12), ("customs", 3)]));
        put.text("province", "宁夏");
        put.text("batch_no", format!("2021{:02}{:02}", 1 + self.dice.below(3), 1 + self.dice.below(28)));
        put.number("batch_quantity", 1_000 * (1 + self.dice.below(200)));
        put.number("sampled_quantity", 20 + 10 * self.dice.below(9));
        put.text("lab", self.one(&LABS));
        let result = *choose(&mut self.dice, &[("conforming", 76), ("pending", 14), ("nonconforming", 10)]);
        put.text("result", result);
        if result != "pending" {
            put.text("reported_on", date((day + 9).min(DAYS - 1)));
        }
        if result == "nonconforming" {
            let items = (0..1 + self.below(2)).map(|_| Value::text(self.one(&FAILURES))).collect();
            put.fields.insert("failed_items".into(), Value::List(items));
            put.number("nonconforming_quantity", 500 * (1 + self.dice.below(100)));
            put.text("entered_market", ["yes", "no", "unknown"][self.below(3)]);
            self.nonconforming.push(id);
        }
    }

    pub fn disposal(&mut self, put: &mut Put) {
        let at = self.below(self.nonconforming.len());
        let sample = self.nonconforming.swap_remove(at);
        put.reference("sample", sample);
        let day = self.dice.below(DAYS);
        put.text("stop_sale_on", date(day));
        put.text("sealed_on", date(day));
        put.number("sealed_quantity", 100 * (1 + self.dice.below(200)));
        put.text("rectify_ordered_on", date(day));
        put.text("rectify_by", date((day + 20).min(DAYS - 1)));
        if self.often(60) {
            put.text("recalled_on", date((day + 5).min(DAYS - 1)));
            put.number("recalled_quantity", 100 * (1 + self.dice.below(300)));
        }
        let road = self.one(&ROADS);
        let flow = Fields::from([
            ("destination".to_owned(), Value::text(format!("{}{road}", self.place))),
            ("quantity".to_owned(), Value::Int(100 * (1 + self.dice.below(90)) as i64)),
        ]);
        put.fields.insert("flows".into(), Value::List(vec![Value::Map(flow)]));
    }

    pub fn case(&mut self, put: &mut Put) {
        put.reference("enterprise", self.an_enterprise().0);
        let filed = self.dice.below(DAYS);
        put.text("number", format!("宁市监案〔2021〕{}号", 1 + self.dice.below(90_000)));
        put.text("cause", self.one(&CAUSES));
        put.text("line", *choose(&mut self.dice, &LINES));
        put.text("category", *choose(&mut self.dice, self.categories));
        put.text("filed_on", date(filed));
        put.number("value_fen", 10_000 * (1 + self.dice.below(900)));
        if self.often(30) {
            put.number("seized_quantity", 100 * (1 + self.dice.below(500)));
        }
        if self.often(55) {
            self.penalty(filed, put);
        }
        if self.often(4) {
            put.text("transferred_on", date((filed + 20).min(DAYS - 1)));
        }
    }

    fn penalty(&mut self, filed: u64, put: &mut Put) {
        let day = date((filed + 25).min(DAYS - 1));
        put.text("decision_no", format!("宁市监罚字〔2021〕{}号", 1 + self.dice.below(90_000)));
        put.text("penalty_on", &day);
        put.text("closed_on", day);
        put.number("penalty_fen", 5_000 * (1 + self.dice.below(400)));
        put.fields.insert("penalty_kinds/fine".into(), true.into());
    }

    pub fn recall(&mut self, put: &mut Put) {
        put.reference("enterprise", self.an_enterprise().0);
        put.text("category", *choose(&mut self.dice, self.categories));
        put.text("cause", self.one(&FAILURES));
        put.text("started_on", self.day(0));
        put.number("quantity", 100 * (1 + self.dice.below(900)));
    }

    pub fn assistance(&mut self, put: &mut Put) {
        put.text("date", self.day(0));
        let enterprises = (0..1 + self.below(3)).map(|_| Value::text(self.an_enterprise().0.to_string())).collect();
        put.fields.insert("enterprises".into(), Value::List(enterprises));
        put.text("mode", ["training", "standards", "clinic", "talk"][self.below(4)]);
        put.text("content", self.one(&FINDINGS));
    }

    /// What comes to be known later, or was written down wrong.
    pub fn edit(&mut self, kind: &str, fields: &mut Fields) {
        let mut put = Put { fields };
        match kind {
            "enterprise" if self.often(50) => {
                put.text("phone", format!("1{}", 3_000_000_000 + self.dice.below(6_900_000_000)));
            }
            "enterprise" => put.text("status", ["producing", "partial", "suspended"][self.below(3)]),
            "product" => put.text("model", self.one(&MODELS)),
            "inspection" => {
                put.text("findings", self.one(&FINDINGS));
                put.text("outcome", ["normal", "rectify", "case"][self.below(3)]);
            }
            "problem" => put.text("state", "verified"),
            "sample" => {
                put.text("result", "conforming");
                put.text("reported_on", self.day(9));
                put.text("delivered_on", self.day(12));
            }
            "disposal" => {
                put.text("reinspected_on", self.day(40));
                put.text("reinspection", "pass");
            }
            "case" => self.penalty(30, &mut put),
            "recall" => put.number("recalled_quantity", 100 * (1 + self.dice.below(400))),
            _ => put.text("outcome", self.one(&FINDINGS)),
        }
    }
}
