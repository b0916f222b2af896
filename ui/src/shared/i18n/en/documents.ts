// Words of printed documents, in English.

export const documents = {
  'print.shown': 'Opened in the PDF viewer. Choose the printer there.',
}
