// Words of the book pages, in Chinese.

export const book = {
  'first.create': '新建台账',
  'first.create.hint': '本单位第一次使用，从这里开始',
  'first.join': '凭邀请加入',
  'first.join.hint': '上级单位发来了邀请文件（.invite）',
  'first.open': '打开已有台账',
  'first.open.hint': '台账文件已经在这台电脑上',
  'first.office': '单位代码',
  'first.office.hint': '六位行政区划代码，如 640121',
  'first.office.wrong': '请填写六位行政区划代码，派出机构加“-”和编号，如 640000-01',
  'first.name': '单位名称',
  'first.name.hint': '如 永宁县市场监督管理局',
  'first.inspector': '填报人',
  'first.inspector.hint': '您的姓名，每次修改都会记下',
  'first.required': '请填写{label}',
  'first.start': '开始使用',
  'first.invitation': '邀请文件',
  'first.file': '台账文件',
  'first.joined': '{own}已加入，上级单位是{upper}。',
}
