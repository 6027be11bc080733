import type { DataType } from '../../../../base/kernel/index.ts'
import { fillTemplate, type Template } from '../define.ts'

/** A remainder in PostgreSQL, which has none of floating-point numbers. */
export function remainder(template: string): Template {
  return (args, types: readonly (DataType | undefined)[], call) =>
    types.some((type) => type?.kind === 'float' || type?.kind === 'double')
      ? call.refuse('of floating-point numbers', 'Convert them first: .cast("decimal(18,6)").')
      : fillTemplate(template, args, call.over, (_letter, arg) => arg)
}
