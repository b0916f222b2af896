//! Lists of records, and what stands behind a number, as files.

use std::path::{Path, PathBuf};

use app::{Date, FillRequest, Language, ListQuery, Notice, OfficeCode, Outcome, Reading};
use clap::Args;

use crate::output::{line, say};
use crate::values::{pair, parse};

#[derive(Debug, Args)]
pub struct ListArguments {
    pub book: PathBuf,
    pub kind: String,
    /// `X.xlsx` or `X.csv`.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// The fields that are columns, with commas between; default: those the list shows on screen.
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    pub columns: Vec<String>,
    #[arg(long)]
    pub campaign: Option<String>,
    /// This office and those below it.
    #[arg(long, value_parser = parse::<OfficeCode>)]
    pub office: Option<OfficeCode>,
    /// Of this enterprise, by its id.
    #[arg(long, value_name = "ID")]
    pub enterprise: Option<String>,
    /// Words to find records by.
    #[arg(long)]
    pub text: Option<String>,
    /// What a field must hold, such as `result=nonconforming`. May be given several times.
    #[arg(long = "code", value_name = "FIELD=CODE", value_parser = pair)]
    pub codes: Vec<(String, String)>,
    /// Days the kind's date may lie on.
    #[arg(long, value_parser = parse::<Date>)]
    pub from: Option<Date>,
    #[arg(long, value_parser = parse::<Date>)]
    pub to: Option<Date>,
    /// With those that are void.
    #[arg(long)]
    pub voided: bool,
    #[arg(long, value_enum, default_value_t = Order::Recorded)]
    pub order: Order,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Order {
    /// The last recorded first.
    Recorded,
    /// By the kind's date.
    Newest,
    Oldest,
}

pub fn list(session: &Reading, asked: &ListArguments, language: Language) -> Outcome<()> {
    let kind = session.library().schema().kind(&asked.kind);
    let kind = kind.ok_or_else(|| Notice::new("kind-unknown").with("value", &asked.kind))?;
    let query = ListQuery {
        kind: kind.id.clone(),
        office: asked.office.clone(),
        campaign: asked.campaign.clone(),
        enterprise: asked.enterprise.as_deref().map(str::parse).transpose()?,
        codes: asked.codes.clone(),
        date_field: kind.date.clone(),
        from: asked.from,
        to: asked.to,
        with_voided: asked.voided,
        text: asked.text.clone().unwrap_or_default().trim().to_owned(),
        sort: kind.date.clone().filter(|_| asked.order != Order::Recorded),
        oldest_first: asked.order == Order::Oldest,
        ..ListQuery::default()
    };
    let rows = session.write_list(&query, &asked.columns, language, &asked.out)?;
    written(&asked.out, rows, language)
}

pub fn trace(
    session: &Reading,
    request: &FillRequest,
    row: &str,
    column: &str,
    out: &Path,
    language: Language,
) -> Outcome<()> {
    written(out, session.write_trace(request, row, column, language, out)?, language)
}

fn written(out: &Path, rows: u64, language: Language) -> Outcome<()> {
    let file = out.display();
    line(say(language, &format!("{file}：{rows} 条记录"), &format!("{file}: {rows} records")))
}
