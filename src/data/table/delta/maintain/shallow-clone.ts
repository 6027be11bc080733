import { randomUUID } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import { MillraceError } from '../../../../base/kernel/index.ts'
import type { Store } from '../../../../base/store/index.ts'
import type { AddFile } from '../actions.ts'
import { commit } from '../commit.ts'
import { DeltaTable } from '../delta-table.ts'
import { absolutePath } from '../file-path.ts'
import { type DeltaLog, listLog, tableAddress } from '../log/delta-log.ts'
import type { Snapshot } from '../snapshot.ts'
import { vectorAddress } from '../vectors/deletion-vector.ts'

/** Where a clone is made. */
export interface CloneOptions {
  /** The clone's folder inside the store; the store itself by default. */
  readonly path?: string
  /** The version that is cloned; the source's own snapshot by default. */
  readonly snapshot?: Snapshot
}

/**
 * Makes a table that begins with the files of another, where they lie: no data are copied, and what is written to one
 * is not seen in the other. A vacuum of the source can take files from its clones.
 * @throws MillraceError TABLE_EXISTS, DELTA_FEATURE_UNSUPPORTED
 */
export async function shallowClone(source: DeltaTable, store: Store, options: CloneOptions = {}): Promise<DeltaTable> {
  const { snapshot = source.snapshot, path = '' } = options
  const { parquet } = source.log
  const log: DeltaLog = { store, path: path.replace(/\/+$/, ''), ...(parquet ? { parquet } : {}) }
  if ((await listLog(log)).length > 0) {
    throw new MillraceError('TABLE_EXISTS', `cloning a Delta table to ${tableAddress(log)}`, {
      hint: 'Choose another folder.',
    })
  }
  const files = snapshot.files.map((file) => placed(file, source.log))
  await commit(log, undefined, {
    kind: 'create',
    id: randomUUID(),
    schema: snapshot.schema,
    partitionBy: snapshot.partitionBy,
    properties: snapshot.properties,
    protocol: snapshot.protocol,
    files,
    provenance: {
      name: 'CLONE',
      parameters: { source: tableAddress(source.log), sourceVersion: snapshot.version, isShallow: true },
      metrics: {
        sourceNumOfFiles: String(files.length),
        sourceTableSize: String(files.reduce((sum, { size }) => sum + size, 0)),
        numCopiedFiles: '0',
      },
    },
  })
  return DeltaTable.open(store, log.path, parquet ? { parquet } : {})
}

/** A file by its address, which means the same wherever the log lies. */
function placed(file: AddFile, { store, path }: DeltaLog): AddFile {
  const above = path === '' ? '' : `${path}/`
  const locate = (relative: string) => store.locate(`${above}${relative}`)
  const vector = file.deletionVector
  return {
    ...file,
    path: asUrl(absolutePath(file.path, locate)),
    dataChange: true,
    ...(vector && vector.storageType !== 'i'
      ? {
          deletionVector: {
            ...vector,
            storageType: 'p',
            pathOrInlineDv: asUrl(vectorAddress(vector, file.path, locate)),
          },
        }
      : {}),
  }
}

/** Percent-encoded, as paths in a log are. */
function asUrl(address: string): string {
  if (address.startsWith('/')) return pathToFileURL(address).href
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)(.*)$/i.exec(address) ?? []
  return scheme + rest.split('/').map(encodeURIComponent).join('/').replaceAll('%3D', '=')
}
