/** The kinds of object stores, which are those of connections that reach them. */
export type ObjectStoreKind = 's3' | 'gcs' | 'azure'

/** Schemes of addresses, with the kind of store and the one name that stands for all of a kind's. */
const SCHEMES: Readonly<Record<string, readonly [kind: ObjectStoreKind, scheme: string]>> = {
  s3: ['s3', 's3'],
  s3a: ['s3', 's3'],
  gs: ['gcs', 'gs'],
  gcs: ['gcs', 'gs'],
  abfss: ['azure', 'abfss'],
  abfs: ['azure', 'abfss'],
  az: ['azure', 'az'],
  azure: ['azure', 'az'],
}

/** The object store that an address leads to; undefined for one on this machine's disk, and for what is unknown. */
export function objectAddress(
  address: string,
): { readonly kind: ObjectStoreKind; readonly scheme: string; readonly rest: string } | undefined {
  const [, name = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(address) ?? []
  const known = SCHEMES[name.toLowerCase()]
  return known && { kind: known[0], scheme: known[1], rest: rest.replace(/\/+$/, '') }
}
