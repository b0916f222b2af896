// Words of the settings pages, in Chinese.

export const settings = {
  'settings.language': '界面语言',
  'settings.office': '单位',
  'settings.inspector': '填报人',
  'settings.file': '台账文件',
  'settings.device': '设备编号',
  'settings.campaigns': '已载入的专项行动',
}
