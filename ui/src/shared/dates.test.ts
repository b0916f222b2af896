import { expect, it } from 'vitest'

import { readDate, readTime } from './dates'

it.each([
  ['20210312', '2021-03-12'],
  ['2021-03-12', '2021-03-12'],
  ['2021-3-2', '2021-03-02'],
  ['2021.3.12', '2021-03-12'],
  ['2021/03/12', '2021-03-12'],
  ['2021年3月12日', '2021-03-12'],
  [' ２０２１０３１２ ', '2021-03-12'],
  ['20200229', '2020-02-29'],
  ['20000229', '2000-02-29'],
])('reads %s as a day', (typed, day) => expect(readDate(typed)).toBe(day))

it.each(['20210229', '19000229', '20210431', '20211301', '2021-00-10', '2021', '210312', '2021-03-12x', '', '今天'])(
  'knows no day %s',
  (typed) => expect(readDate(typed)).toBeNull(),
)

it.each([
  ['0930', '09:30'],
  ['9:30', '09:30'],
  ['９：３０', '09:30'],
  ['23:59', '23:59'],
  ['9时05分', '09:05'],
])('reads %s as a time', (typed, time) => expect(readTime(typed)).toBe(time))

it.each(['24:00', '0960', '9', 'abc', ''])('knows no time %s', (typed) => expect(readTime(typed)).toBeNull())
