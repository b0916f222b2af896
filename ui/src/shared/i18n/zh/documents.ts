// Words of printed documents, in Chinese.

export const documents = {
  'print.shown': '已在 PDF 阅读器中打开，请在那里选择打印机打印。',
}
