//! The words of `sweepctl report`.

use std::path::PathBuf;

use app::{Date, OfficeCode, RecordId};
use clap::Subcommand;

use crate::values::parse;

#[derive(Debug, Subcommand)]
pub enum ReportAction {
    /// Begin a report, or go on with its draft: prints its id, and what stands in the way of sealing it.
    Begin {
        book: PathBuf,
        /// Campaign and report, such as `ln-2020/weekly`.
        report: String,
        #[arg(long, value_parser = parse::<Date>)]
        due: Date,
        /// Default: the last day the report counts by the document.
        #[arg(long, value_parser = parse::<Date>)]
        as_of: Option<Date>,
        /// An office below that keeps no book.
        #[arg(long, value_parser = parse::<OfficeCode>)]
        office: Option<OfficeCode>,
        #[arg(long)]
        json: bool,
    },
    /// Print a section, or set it from a file; `-` reads standard input.
    Words {
        book: PathBuf,
        #[arg(value_parser = parse::<RecordId>)]
        filing: RecordId,
        #[arg(long)]
        section: String,
        #[arg(long, value_name = "FILE")]
        text: Option<PathBuf>,
    },
    /// 审核. Changed afterwards, it is reviewed again.
    Review {
        book: PathBuf,
        #[arg(value_parser = parse::<RecordId>)]
        filing: RecordId,
        #[arg(long)]
        reviewer: String,
    },
    /// 报出: freeze it with all it prints. Nothing of it changes from then on.
    Seal {
        book: PathBuf,
        #[arg(value_parser = parse::<RecordId>)]
        filing: RecordId,
        #[arg(long)]
        filler: String,
        #[arg(long, default_value = "")]
        phone: String,
        #[arg(long, default_value = "")]
        approver: String,
        #[arg(long, default_value = "")]
        late_reason: String,
        #[arg(long, default_value = "")]
        clock_reason: String,
        /// Why a failed check is sent all the same. May be given several times.
        #[arg(long, value_name = "CHECK=REASON", value_parser = reason)]
        accept: Vec<(String, String)>,
        /// Why a cell that rests on an undecided conflict from below is sent all the same. May be given several times.
        #[arg(long, value_name = "CELL=REASON", value_parser = reason)]
        doubt: Vec<(String, String)>,
        /// 零报告: there is nothing new.
        #[arg(long)]
        zero: bool,
    },
    /// A report as it is written, or exactly as it was sealed; `--out` by the ending of its name: pdf, xlsx, json.
    Show {
        book: PathBuf,
        #[arg(value_parser = parse::<RecordId>)]
        filing: RecordId,
        #[arg(long)]
        json: bool,
        /// Only this form of it.
        #[arg(long)]
        form: Option<String>,
        #[arg(long = "out", value_name = "FILE")]
        outputs: Vec<PathBuf>,
    },
    /// As reported beside as now: the cells that differ, and the records behind each.
    Since {
        book: PathBuf,
        #[arg(value_parser = parse::<RecordId>)]
        filing: RecordId,
        #[arg(long)]
        json: bool,
    },
    /// Begin a report that takes the place of sealed ones; its 更正说明 is proposed.
    Correct {
        book: PathBuf,
        #[arg(required = true, value_parser = parse::<RecordId>)]
        filings: Vec<RecordId>,
        #[arg(long, value_parser = parse::<Date>)]
        as_of: Option<Date>,
        /// Default: every number that is another one today, with what happened to the records behind it.
        #[arg(long)]
        correction: Option<String>,
    },
    /// 已接收.
    Accept {
        book: PathBuf,
        #[arg(value_parser = parse::<RecordId>)]
        filing: RecordId,
        #[arg(long, default_value = "")]
        why: String,
    },
    /// 退回.
    Return {
        book: PathBuf,
        #[arg(value_parser = parse::<RecordId>)]
        filing: RecordId,
        #[arg(long)]
        why: String,
    },
    /// 收表: who has filed, when, how late; and what they filed beside what is counted here.
    Collect {
        book: PathBuf,
        report: String,
        #[arg(long, value_parser = parse::<Date>)]
        due: Date,
        #[arg(long)]
        json: bool,
    },
}

impl ReportAction {
    pub fn json(&self) -> bool {
        match self {
            ReportAction::Begin { json, .. }
            | ReportAction::Show { json, .. }
            | ReportAction::Since { json, .. }
            | ReportAction::Collect { json, .. } => *json,
            _ => false,
        }
    }

    pub fn book(&self) -> &PathBuf {
        match self {
            ReportAction::Begin { book, .. }
            | ReportAction::Words { book, .. }
            | ReportAction::Review { book, .. }
            | ReportAction::Seal { book, .. }
            | ReportAction::Show { book, .. }
            | ReportAction::Since { book, .. }
            | ReportAction::Correct { book, .. }
            | ReportAction::Accept { book, .. }
            | ReportAction::Return { book, .. }
            | ReportAction::Collect { book, .. } => book,
        }
    }
}

/// `KEY=REASON`.
fn reason(text: &str) -> Result<(String, String), String> {
    let (key, reason) = text.split_once('=').ok_or("KEY=REASON")?;
    Ok((key.to_owned(), reason.to_owned()))
}
