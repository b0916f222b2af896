//! Filings of one book: what is refused, what stays, what is opened.
