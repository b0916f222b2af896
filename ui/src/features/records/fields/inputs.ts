// Which component a field is filled in with. It follows from the field's type, and from what the schema says it stands for.

import type { Component } from 'vue'

import type { Field } from '@/bridge'

import BoolField from './BoolField.vue'
import ChecklistField from './ChecklistField.vue'
import CodeField from './CodeField.vue'
import DateField from './DateField.vue'
import DivisionField from './DivisionField.vue'
import FormPartField from './FormPartField.vue'
import LongTextField from './LongTextField.vue'
import NumberField from './NumberField.vue'
import ObjectsField from './ObjectsField.vue'
import RefField from './RefField.vue'
import TextField from './TextField.vue'
import TextsField from './TextsField.vue'

const INPUTS: Record<Field['type'], Component> = {
  text: TextField,
  uscc: TextField,
  sha256: TextField,
  long_text: LongTextField,
  date: DateField,
  time: DateField,
  integer: NumberField,
  quantity: NumberField,
  money: NumberField,
  bool: BoolField,
  code: CodeField,
  set: CodeField,
  texts: TextsField,
  ref: RefField,
  refs: RefField,
  division: DivisionField,
  checklist: ChecklistField,
  objects: ObjectsField,
}

export function inputOf(field: Field): Component {
  if (field.chooses) return FormPartField
  return INPUTS[field.type]
}
