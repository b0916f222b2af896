// Words of long work under way, in Chinese.

export const work = {
  'work.busy': '正在处理…',
  'work.copying': '正在拷入文件',
  'work.measuring': '正在清点要写的内容',
  'work.writing': '正在写文件',
  'work.checking': '正在校验',
  'work.reading': '正在读入',
  'work.counting': '正在统计附件表',
  'work.saving': '正在保存，请稍候',
  'work.file': '第 {file} 个文件，共 {files} 个',
  'work.stop': '停止',
  'work.stopping': '正在停止…',
  'work.safe': '停止以后一切照旧，不会只做一半。',
}
