import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DIFFERENCES, NOT_OFFERED } from '../../../src/data/frame/functions/not-offered.ts'
import * as offered from '../../../src/data/frame/index.ts'

/** `__all__` of pyspark.sql.functions 4.2. */
const NAMES = JSON.parse(
  readFileSync(join(import.meta.dirname, 'spark/function-names.json'), 'utf8'),
) as readonly string[]

const here = (name: string) =>
  name.replaceAll(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase()) in offered

test("each of PySpark's functions is offered, or it is said why not", () => {
  expect(NAMES.filter((name) => !here(name) && !Object.hasOwn(NOT_OFFERED, name))).toEqual([])
  expect(NAMES.filter((name) => here(name) && Object.hasOwn(NOT_OFFERED, name))).toEqual([])
})

test("the lists hold PySpark's names only, and differences those of functions that are offered", () => {
  expect(Object.keys(NOT_OFFERED).filter((name) => !NAMES.includes(name))).toEqual([])
  expect(Object.keys(DIFFERENCES).filter((name) => !NAMES.includes(name) || !here(name))).toEqual([])
})
