// Words of printed documents, in English.

export const documents = {
  'print.shown': 'Opened in the PDF viewer. Choose the printer there.',
  'document.crumb': 'Print page',
  'document.save': 'Save as PDF',
  'document.saved': 'Saved as {name}',
  'written.open': 'Open',
  'written.folder': 'Open its folder',
  'document.loading': 'Setting the pages…',
  'document.unsettled': 'This record has undecided conflicts; printed pages will say “preview”',
  'document.hint':
    'The pages are what will be printed. Blanks can be filled in by hand; the lines at the end are for signatures.',
}
