/** What counts as this machine: the addresses of peers and the names in URLs. */

/** Addresses as sockets report them, IPv4 inside IPv6 included. */
export function isLoopbackAddress(address: string | undefined): boolean {
  if (address === undefined) return false
  const plain = address.toLowerCase().replace(/^::ffff:/, '')
  return plain === '::1' || /^127(\.\d{1,3}){3}$/.test(plain)
}

/** Host names as URLs hold them: no port, IPv6 in brackets or without. */
export function isLoopbackName(name: string): boolean {
  const plain = name.toLowerCase().replace(/^\[|\]$/g, '')
  return plain === 'localhost' || plain.endsWith('.localhost') || isLoopbackAddress(plain)
}
