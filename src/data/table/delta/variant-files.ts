import { MillraceError } from '../../../base/kernel/index.ts'
import type { ParquetFile } from '../parquet-port.ts'
import type { DeltaLog } from './log/delta-log.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * Refuses files whose variants are marked as such in Parquet: engines read these as values of their own, in which a null
 * and a variant that holds null are one.
 * @throws MillraceError DELTA_FEATURE_UNSUPPORTED
 */
export async function checkVariants(
  { parquet }: DeltaLog,
  { protocol }: Pick<Snapshot, 'protocol'>,
  files: readonly ParquetFile[],
): Promise<void> {
  const feature = protocol.readerFeatures?.find((name) => /^variantType\b/.test(name))
  if (feature === undefined || !parquet || files.length === 0) return
  try {
    await parquet.inspect(files.map(({ url }) => url))
  } catch (cause) {
    if (!(cause instanceof MillraceError && cause.code === 'TYPE_UNSUPPORTED')) throw cause
    throw new MillraceError(
      'DELTA_FEATURE_UNSUPPORTED',
      `reading a Delta table that needs ${feature} (marked in its files)`,
      {
        cause,
        hint: 'Read the table with the tool that wrote it, or have that tool write the columns as texts.',
        data: { features: [feature] },
      },
    )
  }
}
