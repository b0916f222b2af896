// Words of the forms pages, in English.

export const forms = {
  'forms.choose': 'Attachment',
  'forms.office': 'Office code',
  'forms.as_of': 'Cut-off',
  'forms.date': 'Date of filling',
  'forms.fill': 'Fill',
  'forms.pages': 'Pages',
  'forms.cells': 'Cell by cell',
  'forms.cells.hint': 'Click any number to see the records behind it.',
  'forms.page': 'Page {page} of {count}',
  'forms.save.pdf': 'Save as PDF',
  'forms.save.xlsx': 'Save as XLSX',
  'forms.saved': 'Saved as {name}',
  'forms.unsettled': '{count} cells rest on open conflicts: preview only, not to be sealed',
  'forms.unsettled.cell': 'Rests on an open conflict',
  'forms.trace': '{row} · {column}: {count} records',
  'forms.trace.none': 'No record counts in this cell',
  'forms.start': 'Choose an attachment and a cut-off, then “Fill”.',
  'forms.zoom.in': 'Larger',
  'forms.zoom.out': 'Smaller',
}
