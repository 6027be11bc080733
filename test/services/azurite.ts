import { randomBytes } from 'node:crypto'
import { signAzure } from '../../src/base/store/azure-sign.ts'
import type { AzureOptions } from '../../src/base/store/index.ts'
import { reachable } from './reachable.ts'

/** The stand-in for Azure Storage of scripts/services/start-azurite.sh, or the endpoint that MILLRACE_TEST_AZURE names. */
export const azureEndpoint = process.env.MILLRACE_TEST_AZURE ?? 'http://127.0.0.1:55100/devstoreaccount1'

/** Whether the server is there; tests that need it are skipped without. One that was named must be. */
export const hasAzurite =
  process.env.MILLRACE_TEST_AZURE !== undefined ||
  (await reachable(new URL(azureEndpoint).hostname, Number(new URL(azureEndpoint).port || 80)))

/** Belongs into the name of such tests, so that a skipped one says how it is enabled. */
export const AZURITE_HINT = 'enable: scripts/services/start-azurite.sh'

/** The account that every Azurite has; its key is published by Microsoft. */
export const AZURE_OPTIONS: AzureOptions = {
  account: 'devstoreaccount1',
  account_key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
  endpoint: azureEndpoint,
}

/** Makes an empty container; the server keeps nothing beyond its own life. */
export async function freshContainer(): Promise<string> {
  const name = `test-${randomBytes(6).toString('hex')}`
  const url = new URL(`${azureEndpoint}/${name}?restype=container`)
  const key = { account: AZURE_OPTIONS.account ?? '', key: AZURE_OPTIONS.account_key ?? '' }
  const headers = signAzure({ method: 'PUT', url, headers: {} }, key, new Date())
  const response = await fetch(url, { method: 'PUT', headers })
  if (response.status !== 201) throw new Error(`the container was not made: ${await response.text()}`)
  return `az://${name}`
}
