// Words of long work under way, in English.

export const work = {
  'work.busy': 'Working…',
  'work.copying': 'Copying the file in',
  'work.measuring': 'Measuring what will be written',
  'work.writing': 'Writing the file',
  'work.checking': 'Verifying',
  'work.reading': 'Reading',
  'work.counting': 'Counting the attachment tables',
  'work.saving': 'Saving, one moment',
  'work.file': 'File {file} of {files}',
  'work.stop': 'Stop',
  'work.stopping': 'Stopping…',
  'work.safe': 'Stopping leaves everything as it was; nothing is left half done.',
}
