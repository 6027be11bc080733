import { MillraceError } from '../../base/kernel/index.ts'

/** PySpark's names for where cached rows are kept. All of them mean files in a temporary folder here. */
export const StorageLevel = {
  NONE: 'NONE',
  DISK_ONLY: 'DISK_ONLY',
  DISK_ONLY_2: 'DISK_ONLY_2',
  DISK_ONLY_3: 'DISK_ONLY_3',
  MEMORY_AND_DISK: 'MEMORY_AND_DISK',
  MEMORY_AND_DISK_2: 'MEMORY_AND_DISK_2',
  MEMORY_AND_DISK_DESER: 'MEMORY_AND_DISK_DESER',
  MEMORY_ONLY: 'MEMORY_ONLY',
  MEMORY_ONLY_2: 'MEMORY_ONLY_2',
  OFF_HEAP: 'OFF_HEAP',
} as const
export type StorageLevel = (typeof StorageLevel)[keyof typeof StorageLevel]

/** @throws MillraceError OPTION_INVALID */
export function knownLevel(level: StorageLevel): StorageLevel {
  if (Object.hasOwn(StorageLevel, level)) return level
  throw new MillraceError('OPTION_INVALID', `persist: "${String(level)}" is no storage level`, {
    hint: `Use ${Object.keys(StorageLevel).join(', ')}.`,
  })
}
