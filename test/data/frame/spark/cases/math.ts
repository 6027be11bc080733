import * as f from '../../../../../src/data/frame/index.ts'
import { type Column, lit } from '../../../../../src/data/frame/index.ts'
import { type ColumnCase, casesOf, on } from './edge-columns.ts'

const each = (functions: readonly ((name: string) => Column)[]) => functions

/** Every function of numbers, and the columns it is tried with. */
export const MATH: readonly ColumnCase[] = [
  ...each([f.sqrt, f.cbrt, f.exp, f.expm1, f.ln, f.log, f.log1p, f.log2, f.log10, f.sin, f.cos, f.tan, f.cot, f.sec, f.csc, f.asin, f.acos, f.atan, f.sinh, f.cosh, f.tanh, f.asinh, f.acosh, f.atanh, f.radians, f.degrees]).map((fn) => on('int bigint double float decimal text boolean date', fn('v'), 'approximate')),
  ...each([f.rint, f.signum, f.sign]).map((fn) => on('int tinyint smallint bigint double float decimal wide text', fn('v'))),
  on('double int decimal', f.log(2, 'v'), 'approximate'), on('double int', f.log('v', 5), 'approximate'),
  on('double int decimal text', f.atan2('v', 2), 'approximate'), on('double', f.atan2(-1, 'v'), 'approximate'),
  on('double int decimal', f.hypot('v', 3), 'approximate'), on('double', f.hypot('v', 'v'), 'approximate'),
  on('int tinyint smallint bigint double float decimal wide text', f.pow('v', 2), 'approximate'), on('double int', f.pow('v', 0.5), 'approximate'), on('double int decimal', f.pow('v', -1), 'approximate'), on('double', f.pow(1, 'v'), 'approximate'), on('double', f.power(-2, 'v'), 'approximate'), on('double', f.power(-1, 'v'), 'approximate'), on('double', f.pow('v', 'v'), 'approximate'),
  on('int', f.pi()), on('int', f.e()),
  on('int tinyint smallint bigint double float decimal wide text', f.ceil('v')), on('double', f.ceiling('v')), on('int tinyint smallint bigint double float decimal wide text boolean', f.floor('v')),
  on('int decimal wide bigint tinyint', f.ceil('v', -1)), on('decimal wide bigint int', f.ceil('v', 1)), on('decimal wide int tinyint', f.floor('v', 0)), on('decimal wide', f.floor('v', 1)), on('decimal', f.floor('v', -2)), on('float', f.ceil('v', 1)),
  on('int tinyint smallint bigint double float decimal wide text', f.round('v')), on('int tinyint smallint bigint double float decimal wide text', f.round('v', 1)), on('double decimal wide int float', f.round('v', 2)), on('int tinyint smallint bigint double float decimal wide text', f.round('v', -1)), on('double decimal int bigint', f.round('v', -2)), on('double wide', f.round('v', 5)), on('double', f.round('v', 25)), on('decimal tinyint', f.round('v', -12)),
  on('int tinyint smallint bigint double float decimal wide text', f.bround('v')), on('int decimal wide double float', f.bround('v', 1)), on('double decimal wide', f.bround('v', 2)), on('double decimal int bigint wide tinyint', f.bround('v', -1)),
  on('int bigint tinyint smallint text', f.shiftleft('v', 3)), on('int bigint', f.shiftleft('v', 33)), on('int bigint', f.shiftleft('v', 31)), on('int bigint', f.shiftleft('v', -1)),
  on('int bigint tinyint', f.shiftright('v', 2)), on('int bigint', f.shiftright('v', 40)), on('int bigint tinyint', f.shiftrightunsigned('v', 2)), on('int bigint', f.shiftrightunsigned('v', 32)), on('int bigint', f.shiftrightunsigned('v', 64)),
  on('double decimal', f.shiftleft('v', 1)),
  on('int bigint tinyint smallint', f.bitwiseNot('v')), on('int bigint tinyint boolean double', f.bitCount('v')),
  on('int bigint tinyint', f.bitGet('v', 2)), on('int bigint tinyint', f.bitGet('v', 7)), on('int bigint tinyint', f.bitGet('v', 31)), on('int bigint', f.getbit('v', 32)), on('int', f.getbit('v', -1)),
  on('int bigint double', f.bitmapBitPosition('v')), on('int bigint', f.bitmapBucketNumber('v')), on('binary', f.bitmapCount('v')),
  on('int', f.bitmapCount(f.bitmapConstructAgg(f.bitmapBitPosition('v'))), 'grouped'),
  on('binary', f.bitmapCount(f.bitmapOrAgg('v')), 'grouped'), on('binary', f.bitmapCount(f.bitmapAndAgg('v')), 'grouped'),
  on('int', f.bitmapConstructAgg(f.bitmapBitPosition('v')), 'grouped'),
  on('int tinyint smallint bigint double float decimal wide text', f.bin('v')), on('int tinyint smallint bigint double float decimal wide text boolean date timestamp binary', f.hex('v')), on('text int', f.unhex('v')),
  on('text int bigint', f.conv('v', 10, 16)), on('text', f.conv('v', 16, 10)), on('text', f.conv('v', 16, -10)), on('text', f.conv('v', 10, -10)), on('text', f.conv('v', 36, 2)), on('text', f.conv('v', 10, 37)), on('text int', f.conv('v', 10, -16)),
  on('int tinyint smallint bigint double float decimal wide text boolean', f.abs('v')), on('int tinyint smallint bigint double float decimal wide text', f.positive('v')), on('int tinyint smallint bigint double float decimal wide text', f.negative('v')),
  on('int bigint double decimal', f.nullifzero('v')), on('int bigint double decimal tinyint float', f.zeroifnull('v')),
  on('int bigint double', f.factorial('v')),
  on('double int decimal', f.widthBucket('v', -10, 10, 4)), on('double int', f.widthBucket('v', 10, -10, 4)), on('int', f.widthBucket('v', 0, 0, 4)), on('int', f.widthBucket(3, 0, 10, 'v')), on('double', f.widthBucket(3, 0, 'v', 3)),
  on('int', f.rand().lt(1)), on('int', f.random().lt(1)), on('int', f.randn().isNotNull()), on('int', f.uniform(1, 5).between(1, 5)), on('int', f.uniform(3, 4)), on('int', f.length(f.randstr(5))),
  on('int bigint decimal double', f.pmod('v', 3)), on('int double', f.pmod('v', -3)), on('int', f.pmod('v', 0)),
  on('double float int text', f.isnan('v')), on('double', f.nanvl('v', lit(1.5))),
  on('int bigint double decimal tinyint', f.tryAdd('v', 'v')), on('int', f.tryAdd('v', 1)), on('int bigint double decimal', f.trySubtract('v', 1)), on('int bigint double decimal', f.tryMultiply('v', 'v')), on('int bigint double decimal', f.tryDivide('v', 3)), on('int double', f.tryDivide(1, 'v')), on('int bigint double decimal', f.tryMod('v', 3)), on('int double', f.tryMod(5, 'v')), on('date', f.tryAdd('v', 1)),

] // biome-ignore format: a table

export const cases = casesOf(MATH)
