//! The words of the command line.

use std::path::PathBuf;

use app::{Date, Language, OfficeCode, RecordId};
use clap::{Parser, Subcommand};

use crate::lists::ListArguments;
use crate::readback::{BlankArguments, ReadArguments};
use crate::report_action::ReportAction;
use crate::values::parse;

/// Sweepbook 排查台账: record, hand up, merge and print quality campaigns, offline.
///
/// Exit codes: 0 done; 1 refused, with a code and a remedy; 2 the command line is wrong. `import` ends with 1 when any file is
/// refused or waits, `check` when it finds something, `checks` when something fails that cannot be right.
#[derive(Debug, Parser)]
#[command(name = "sweepctl", version, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    /// More campaigns beside the built-in ones: a folder of `<id>/campaign.toml`. May be given several times.
    #[arg(long = "campaigns", global = true, value_name = "DIR")]
    pub campaign_dirs: Vec<PathBuf>,
    /// Language of messages; default: from LANG, else Chinese.
    #[arg(long, global = true, value_parser = parse_language)]
    pub lang: Option<Language>,
}

fn parse_language(text: &str) -> Result<Language, String> {
    match text {
        "zh" => Ok(Language::Zh),
        "en" => Ok(Language::En),
        _ => Err("zh or en".into()),
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a new book for an office.
    New {
        book: PathBuf,
        /// GB/T 2260 code; an office without one of its own has its parent's, a hyphen and a number.
        #[arg(long, value_parser = parse::<OfficeCode>)]
        office: OfficeCode,
        #[arg(long)]
        name: String,
        #[arg(long)]
        inspector: Option<String>,
    },
    /// Record JSON lines: all or nothing. `-` reads standard input.
    Record {
        book: PathBuf,
        file: PathBuf,
        /// Refuse warnings that no override answers.
        #[arg(long)]
        strict: bool,
        #[arg(long)]
        json: bool,
    },
    /// List the records of a kind.
    Show {
        book: PathBuf,
        kind: String,
        #[arg(long)]
        json: bool,
    },
    /// Save a list of records as it is narrowed and ordered, as a workbook or as CSV.
    List(ListArguments),
    /// The book at a glance.
    Status {
        book: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// Enterprises that may be one.
    Pairs {
        book: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// Find enterprises by part of their name, credit code or pinyin initials.
    Search {
        book: PathBuf,
        text: String,
        #[arg(long)]
        json: bool,
    },
    /// Fill an attachment table; `--out` by the ending of its name: json, xlsx, csv, pdf, svg.
    Fill {
        book: PathBuf,
        form: String,
        /// 数据截至时间, the last day counted.
        #[arg(long, value_parser = parse::<Date>)]
        as_of: Date,
        /// The first day of a period, counted by the day of each event; default: the campaign's first day.
        #[arg(long, value_parser = parse::<Date>)]
        since: Option<Date>,
        /// 分地区汇总表: a line for the own records and for each known office below, of one row.
        #[arg(long)]
        by_office: bool,
        /// The row of the table by office; default: the total, or the only row.
        #[arg(long, requires = "by_office")]
        row: Option<String>,
        #[arg(long, value_parser = parse::<OfficeCode>)]
        office: Option<OfficeCode>,
        /// The printed date; default: the cut-off.
        #[arg(long, value_parser = parse::<Date>)]
        date: Option<Date>,
        #[arg(long = "out", value_name = "FILE")]
        outputs: Vec<PathBuf>,
    },
    /// 空表: a form to be filled in by hand, as XLSX.
    Blank(BlankArguments),
    /// 读回: take in a form or a list that comes back as a spreadsheet: figures as declared figures, rows as records.
    Read(ReadArguments),
    /// 勾稽: what does not hold of an attachment table, with its cells and the records behind them. Ends with 1 when something
    /// fails that cannot be right.
    Checks {
        book: PathBuf,
        form: String,
        /// 数据截至时间, the last day counted.
        #[arg(long, value_parser = parse::<Date>)]
        as_of: Date,
        #[arg(long, value_parser = parse::<OfficeCode>)]
        office: Option<OfficeCode>,
        #[arg(long)]
        json: bool,
    },
    /// Print the document of a record: an inspection's 现场检查记录, an enterprise's 企业质量档案.
    Print {
        book: PathBuf,
        record: String,
        /// Default: the document that records of this kind have.
        #[arg(long)]
        document: Option<String>,
        /// A PDF.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// The records behind one cell, as JSON lines; with `--out` as a workbook or as CSV.
    Trace {
        book: PathBuf,
        form: String,
        #[arg(long, value_parser = parse::<Date>, required_unless_present = "filing")]
        as_of: Option<Date>,
        #[arg(long)]
        row: String,
        #[arg(long)]
        column: String,
        #[arg(long, value_parser = parse::<OfficeCode>)]
        office: Option<OfficeCode>,
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// A cell of a sealed report, with the records as they stood.
        #[arg(long, value_parser = parse::<RecordId>, conflicts_with_all = ["as_of", "office", "out"])]
        filing: Option<RecordId>,
    },
    /// Which reports are due, and how far this office and those below are with each.
    Reports {
        book: PathBuf,
        /// Default: today.
        #[arg(long, value_parser = parse::<Date>)]
        on: Option<Date>,
        #[arg(long)]
        json: bool,
    },
    /// 报送: write, review, seal, open, correct, answer and collect a report.
    Report {
        #[command(subcommand)]
        action: ReportAction,
    },
    /// The cells of all forms that count a record.
    Cells {
        book: PathBuf,
        record: String,
        /// Default: today.
        #[arg(long, value_parser = parse::<Date>)]
        as_of: Option<Date>,
        #[arg(long)]
        json: bool,
    },
    /// Write an invitation for an office below, or for a second device of this office.
    Invite {
        book: PathBuf,
        #[arg(long, value_parser = parse::<OfficeCode>)]
        office: OfficeCode,
        #[arg(long)]
        name: String,
        #[arg(long)]
        out: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// Join by an invitation; makes the book where there is none. Without `--fingerprint` it only shows whose invitation it is.
    Join {
        book: PathBuf,
        file: PathBuf,
        /// The invitation words, as the inviting office read them out.
        #[arg(long, value_name = "WORDS")]
        fingerprint: Option<String>,
        #[arg(long)]
        inspector: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// Write the recovery sheet with this office's keys.
    Keys {
        book: PathBuf,
        #[arg(long)]
        out: PathBuf,
    },
    /// Seal what the receiver has not confirmed. Default receiver: the office that invited.
    Export {
        book: PathBuf,
        #[arg(long, value_parser = parse::<OfficeCode>)]
        to: Option<OfficeCode>,
        #[arg(long)]
        out: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// Import packages, each in a transaction of its own.
    Import {
        book: PathBuf,
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Only show what would happen.
        #[arg(long)]
        plan: bool,
        /// Let in the device that asks with these check-in words, as its office read them out. May be given several times.
        #[arg(long, value_name = "WORDS")]
        confirm_device: Vec<String>,
        /// Let in whoever asks, without comparing any words.
        #[arg(long, conflicts_with = "confirm_device")]
        without_comparing: bool,
        /// Count again what an undo withheld.
        #[arg(long)]
        include_undone: bool,
        /// The cut-off at which `--plan` compares printed cells; default: today.
        #[arg(long, value_parser = parse::<Date>)]
        as_of: Option<Date>,
        #[arg(long)]
        json: bool,
    },
    /// Lift the void of a record: it counts again as it stands.
    Restore {
        book: PathBuf,
        record: String,
        /// Why; it stands in the record's history.
        #[arg(long)]
        reason: String,
    },
    /// Take an imported package back.
    Undo {
        book: PathBuf,
        package: String,
        #[arg(long)]
        json: bool,
    },
    /// The offices this book exchanges packages with, and the words by which this one is known on the telephone.
    Offices {
        book: PathBuf,
        #[command(subcommand)]
        action: Option<OfficeAction>,
        #[arg(long)]
        json: bool,
    },
    /// Packages written and imported.
    Packages {
        book: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// What merged books broke across records: second disposals, rings of joined enterprises, references to nothing.
    Findings {
        book: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// Revisions that are kept but do not count: waiting, withheld, quarantined or disputed.
    Aside {
        book: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// 处理结果: what other offices say became of records handed over: conflicting, duplicate, returned.
    Outcomes {
        book: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// Open conflicts with their candidates.
    Conflicts {
        book: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// Settle a conflict with a candidate's revision, or a JSON value.
    Resolve {
        book: PathBuf,
        conflict: String,
        #[arg(long)]
        keep: String,
    },
    /// One number for everything the book holds.
    Digest { book: PathBuf },
    /// Rebuild everything from the log and compare.
    Check {
        book: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// Make everything that is derived anew from the log: puts right what `check` found to differ.
    Rebuild { book: PathBuf },
    /// Copy the book; the copy is itself a book.
    Backup {
        book: PathBuf,
        #[arg(long)]
        out: PathBuf,
    },
    /// The loaded campaigns and their forms; check a folder of campaign files; those that came from above.
    Campaigns {
        #[command(subcommand)]
        action: Option<CampaignAction>,
        #[arg(long)]
        json: bool,
    },
    /// The sample campaign: three counties and their region, a city and its province; books, packages and filled tables.
    Demo {
        #[arg(long)]
        out: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub enum CampaignAction {
    /// Load a folder and say what is wrong with it, with file, line and reason.
    Check { dir: PathBuf },
    /// Those that came to a book from above, used or not.
    Sent { book: PathBuf },
    /// Stop using one that came from above. Records that name it stay as they are.
    Remove { book: PathBuf, campaign: String },
    /// Use one again that was removed.
    Restore { book: PathBuf, campaign: String },
}

#[derive(Debug, Subcommand)]
pub enum OfficeAction {
    /// Say what an office of the own area is called, as its tables print it.
    Name {
        #[arg(value_parser = parse::<OfficeCode>)]
        office: OfficeCode,
        name: String,
    },
    /// Let go of the office above: nothing is sealed for it or taken from it any more, until it invites again.
    Remove {
        #[arg(value_parser = parse::<OfficeCode>)]
        office: OfficeCode,
    },
}

impl Arguments {
    /// Whether the command was asked for JSON, errors included.
    pub fn json(&self) -> bool {
        match &self.command {
            Command::Record { json, .. }
            | Command::Show { json, .. }
            | Command::Status { json, .. }
            | Command::Pairs { json, .. }
            | Command::Search { json, .. }
            | Command::Checks { json, .. }
            | Command::Cells { json, .. }
            | Command::Reports { json, .. }
            | Command::Invite { json, .. }
            | Command::Join { json, .. }
            | Command::Export { json, .. }
            | Command::Import { json, .. }
            | Command::Undo { json, .. }
            | Command::Offices { json, .. }
            | Command::Packages { json, .. }
            | Command::Findings { json, .. }
            | Command::Aside { json, .. }
            | Command::Outcomes { json, .. }
            | Command::Conflicts { json, .. }
            | Command::Check { json, .. }
            | Command::Campaigns { json, .. } => *json,
            Command::Report { action } => action.json(),
            Command::Read(asked) => asked.json,
            _ => false,
        }
    }
}
