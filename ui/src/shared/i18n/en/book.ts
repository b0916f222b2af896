// Words of the book pages, in English.

export const book = {
  'first.create': 'New book',
  'first.create.hint': 'This office starts here for the first time',
  'first.join': 'Join by invitation',
  'first.join.hint': 'The upper office sent an invitation file (.invite)',
  'first.open': 'Open a book',
  'first.open.hint': 'The book is already on this computer',
  'first.office': 'Office code',
  'first.office.hint': 'Six-digit division code, such as 640121',
  'first.office.wrong': 'Six-digit division code; a sub-office adds “-” and a number, such as 640000-01',
  'first.name': 'Office name',
  'first.name.hint': 'Such as 永宁县市场监督管理局',
  'first.inspector': 'Your name',
  'first.inspector.hint': 'Every change is signed with it',
  'first.required': 'Please fill in: {label}',
  'first.start': 'Start',
  'first.invitation': 'Invitation file',
  'first.file': 'Book file',
  'first.joined': '{own} has joined; its upper office is {upper}.',
}
