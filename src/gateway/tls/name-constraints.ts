/**
 * The name constraints (RFC 5280 4.2.1.10) of the local CA: which names and addresses it may sign for, written to and
 * read from their binary form. It knows nothing of keys or files.
 */

import { isIP } from 'node:net'
import forge from 'node-forge'

/** A name covers its sub-domains as well. */
const LOCAL_NAMES = ['localhost', 'local', 'internal', 'lan', 'home.arpa']
/** Loopback, private, link-local, and the shared range that overlay networks use. */
const LOCAL_RANGES = [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const

export const NAME_CONSTRAINTS_ID = '2.5.29.30'
const DNS_TAG = 2
const ADDRESS_TAG = 7

/** 4 or 16 bytes of an IP address. Throws for anything else. */
export function addressBytes(address: string): Buffer {
  const family = isIP(address)
  if (family === 4) return Buffer.from(address.split('.').map(Number))
  if (family !== 6) throw new Error(`${address} is no IP address`)
  // The URL parser writes an embedded IPv4 part in hex and lower case; only the gap is left to fill.
  const text = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1)
  const [head = '', tail] = text.split('::') as [string?, string?]
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const before = groups(head)
  const after = tail === undefined ? [] : groups(tail)
  const gap = tail === undefined ? 0 : 8 - before.length - after.length
  const all = [...before, ...Array<string>(gap).fill('0'), ...after]
  return Buffer.from(
    all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]),
  )
}

function mask(bits: number, length: number): Buffer {
  return Buffer.from(
    Array.from({ length }, (_, index) => (0xff00 >> Math.min(8, Math.max(0, bits - index * 8))) & 0xff),
  )
}

function range(address: string, bits: number): Buffer {
  const bytes = addressBytes(address)
  return Buffer.concat([bytes, mask(bits, bytes.length)])
}

/** The extension that permits the local names and ranges and, one by one, those of `hosts` that lie outside them. */
export function nameConstraints(hosts: readonly string[]): { id: string; critical: boolean; value: string } {
  const addresses = LOCAL_RANGES.map(([address, bits]) => range(address, bits))
  const names: string[] = [...LOCAL_NAMES]
  for (const host of hosts) {
    if (!isIP(host)) {
      if (!names.some((name) => isWithin(host, name))) names.push(host)
    } else if (!addresses.some((bytes) => inRange(addressBytes(host), bytes))) {
      addresses.push(range(host, addressBytes(host).length * 8))
    }
  }
  const { asn1 } = forge
  const general = (tag: number, value: string) =>
    asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, [
      asn1.create(asn1.Class.CONTEXT_SPECIFIC, tag, false, value),
    ])
  const permitted = [
    ...names.map((name) => general(DNS_TAG, name)),
    ...addresses.map((bytes) => general(ADDRESS_TAG, bytes.toString('latin1'))),
  ]
  const value = asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, [
    // permittedSubtrees is field 0 of NameConstraints.
    asn1.create(asn1.Class.CONTEXT_SPECIFIC, 0, true, permitted),
  ])
  return { id: NAME_CONSTRAINTS_ID, critical: true, value: asn1.toDer(value).getBytes() }
}

/** Whether the extension value `der` permits `host`. */
export function isPermitted(host: string, der: string): boolean {
  const root = forge.asn1.fromDer(der)
  const trees = ((root.value as forge.asn1.Asn1[])[0]?.value ?? []) as forge.asn1.Asn1[]
  return trees.some((tree) => {
    const base = (tree.value as forge.asn1.Asn1[])[0]
    if (base === undefined) return false
    const type = base.type as number
    const value = base.value as string
    if (type === DNS_TAG && !isIP(host)) return isWithin(host, value)
    return (
      type === ADDRESS_TAG && isIP(host) !== 0 && inRange(addressBytes(host), Buffer.from(value, 'latin1'))
    )
  })
}

const isWithin = (host: string, name: string) => host === name || host.endsWith(`.${name}`)

function inRange(address: Buffer, rangeBytes: Buffer): boolean {
  const size = address.length
  if (rangeBytes.length !== size * 2) return false
  return address.every((byte, index) => {
    const bits = rangeBytes[size + index] as number
    return (byte & bits) === ((rangeBytes[index] as number) & bits)
  })
}
