/**
 * A PKCS#12 trust store for Java, made of plain certificates. Written by hand on ASN.1, since the library only writes
 * stores with a private key, and Java ignores certificates that lack its own "trusted key usage" attribute.
 */

import { createHash, createHmac } from 'node:crypto'
import forge from 'node-forge'

/** The password of every Java trust store by convention; it protects nothing, the content is public. */
export const TRUST_STORE_PASSWORD = 'changeit'

const OID = {
  data: '1.2.840.113549.1.7.1',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  sha256: '2.16.840.1.101.3.4.2.1',
  /** Oracle's mark of a certificate that is trusted, with the usage it is trusted for. */
  trustedKeyUsage: '2.16.840.1.113894.746875.1.1',
  anyExtendedKeyUsage: '2.5.29.37.0',
}
/** RFC 7292 appendix B.3: the purpose "integrity key". */
const MAC_KEY_PURPOSE = 3
const MAC_ITERATIONS = 2_048
const MAC_KEY_BYTES = 32

const { asn1 } = forge
const { UNIVERSAL, CONTEXT_SPECIFIC } = asn1.Class

const sequence = (...items: forge.asn1.Asn1[]) => asn1.create(UNIVERSAL, asn1.Type.SEQUENCE, true, items)
const set = (...items: forge.asn1.Asn1[]) => asn1.create(UNIVERSAL, asn1.Type.SET, true, items)
const tagged0 = (item: forge.asn1.Asn1) => asn1.create(CONTEXT_SPECIFIC, 0, true, [item])
const octets = (bytes: string) => asn1.create(UNIVERSAL, asn1.Type.OCTETSTRING, false, bytes)
const oid = (text: string) => asn1.create(UNIVERSAL, asn1.Type.OID, false, asn1.oidToDer(text).getBytes())
const integer = (value: number) =>
  asn1.create(UNIVERSAL, asn1.Type.INTEGER, false, asn1.integerToDer(value).getBytes())
const nothing = () => asn1.create(UNIVERSAL, asn1.Type.NULL, false, '')
// The library widens the characters of a BMPString to UTF-16 itself.
const bmp = (text: string) => asn1.create(UNIVERSAL, asn1.Type.BMPSTRING, false, text)
const der = (item: forge.asn1.Asn1) => asn1.toDer(item).getBytes()

function certificateBag(alias: string, certificate: Buffer): forge.asn1.Asn1 {
  return sequence(
    oid(OID.certificateBag),
    tagged0(sequence(oid(OID.x509Certificate), tagged0(octets(certificate.toString('latin1'))))),
    set(
      sequence(oid(OID.friendlyName), set(bmp(alias))),
      sequence(oid(OID.trustedKeyUsage), set(oid(OID.anyExtendedKeyUsage))),
    ),
  )
}

/** The store as bytes. Equal certificates give equal bytes, so that a file is rewritten only when it changes. */
export function createTrustStore(certificates: readonly { alias: string; der: Buffer }[]): Buffer {
  const bags = sequence(...certificates.map((entry) => certificateBag(entry.alias, entry.der)))
  const safe = der(sequence(sequence(oid(OID.data), tagged0(octets(der(bags))))))
  const content = Buffer.from(safe, 'latin1')
  const salt = createHash('sha256').update(content).digest().subarray(0, 16)
  const saltText = salt.toString('latin1')
  const key = forge.pkcs12.generateKey(
    TRUST_STORE_PASSWORD,
    forge.util.createBuffer(saltText),
    MAC_KEY_PURPOSE,
    MAC_ITERATIONS,
    MAC_KEY_BYTES,
    forge.md.sha256.create(),
  )
  const mac = createHmac('sha256', Buffer.from(key.getBytes(), 'latin1')).update(content).digest('binary')
  const store = sequence(
    integer(3),
    sequence(oid(OID.data), tagged0(octets(safe))),
    sequence(
      sequence(sequence(oid(OID.sha256), nothing()), octets(mac)),
      octets(saltText),
      integer(MAC_ITERATIONS),
    ),
  )
  return Buffer.from(der(store), 'latin1')
}
