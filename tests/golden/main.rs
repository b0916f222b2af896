//! Golden cells of the five official attachments. Every expected value was worked out by hand from the ledgers beside this
//! file and the counting rules; how it comes about stands beside it. No value here was taken from the program.
//!
//! How the ledgers are laid out:
//!
//! - `ledger-nx.jsonl` and `ledger-samr.jsonl` are the book of the region (640000) with its city 640100, the counties below
//!   it (640121, 640122, 640181), a station of one county (640121-01), a city of its own (640200) and an office without a
//!   code of its own (640000-01). `ledger-ln.jsonl` is the book of another province (210000) with two cities.
//! - `ledger-*-here.jsonl` is what the book's device recorded after that, `ledger-*-elsewhere.jsonl` what another device of
//!   the office recorded meanwhile without seeing it. Merging them gives what no person could record alone: a `same_as`
//!   ring, a second disposal, conflicts.
//! - The first digits of an id name the kind and the last ones count: `e…01` enterprise, `b` product, `1` inspection, `5`
//!   sample, `d` disposal, `c` case, `a` assistance, `f` declared figure, `7` recall, `3` clue. The tests call them e01, c01 and so on.
//! - `ledger-orders.jsonl` is a book of the nation with what the documents order beside their tables.
//! - The working tables are counted from the records of the demonstration in `assets/demo/`.
//! - A record that must not be counted says why in its own words where it has any (窗口之前, 已作废, 另一行动 …).

mod check;
mod checked;
mod desk;
mod ln;
mod nx_cases;
mod nx_samples;
mod orders;
mod samr;
mod unsettled;
mod words;
mod working;
