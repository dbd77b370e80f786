/** Tables of the frozen set. */
import { type Drawn, page } from './page.js'

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  question: string,
  right: RegExp,
): Drawn {
  const cells = (list: readonly string[], tag: string) =>
    list
      .map((cell) => `<${tag} align="left" style="padding:7px 22px;border-bottom:1px solid #bbb">${cell}`)
      .join('')
  const body = `<table style="border-collapse:collapse"><tr>${cells(head, 'th')}${rows.map((row) => `<tr>${cells(row, 'td')}`).join('')}</table>`
  return {
    width: 210 * head.length,
    height: 70 + 38 * (rows.length + 1),
    html: page(body, 'font:16px "DejaVu Sans";background:#fff;color:#111'),
    question,
    right,
  }
}

export const tables: readonly Drawn[] = [
  table(
    ['Name', 'City', 'Phone'],
    [
      ['Anna Berg', 'Oslo', '555-0182'],
      ['Luis Mora', 'Madrid', '555-0147'],
      ['Kei Tanaka', 'Osaka', '555-0119'],
    ],
    'What is the phone number of Luis Mora?',
    /555.?0147/,
  ),
  table(
    ['Train', 'To', 'Departs', 'Track'],
    [
      ['IC 502', 'Basel', '09:14', '3'],
      ['RE 77', 'Ulm', '09:31', '5'],
      ['S 4', 'Airport', '09:38', '1'],
    ],
    'When does the train to Ulm leave?',
    /9[:.]31/,
  ),
  table(
    ['Item', 'Stock', 'Price'],
    [
      ['Desk lamp', '14', '39.00'],
      ['Office chair', '3', '189.00'],
      ['Shelf', '22', '74.50'],
    ],
    'What does the office chair cost?',
    /189/,
  ),
  table(
    ['Invoice', 'Due', 'Amount'],
    [
      ['2041', '1 March', '$320.00'],
      ['2042', '15 March', '$1,150.00'],
      ['2043', '2 April', '$88.40'],
    ],
    'When is invoice 2042 due?',
    /15 march|march 15/i,
  ),
  table(
    ['Player', 'Points'],
    [
      ['Mila', '87'],
      ['Theo', '92'],
      ['Ada', '78'],
      ['Noah', '64'],
    ],
    'How many points does Ada have?',
    /78/,
  ),
  table(
    ['Course', 'Day', 'Teacher'],
    [
      ['Algebra', 'Monday', 'Mr. Stone'],
      ['Biology', 'Tuesday', 'Ms. Rivera'],
      ['History', 'Friday', 'Mr. Okoye'],
    ],
    'Who teaches biology?',
    /rivera/i,
  ),
  table(
    ['City', 'High', 'Low'],
    [
      ['Paris', '19', '11'],
      ['Rome', '26', '17'],
      ['Berlin', '16', '8'],
    ],
    'What is the high temperature in Rome?',
    /26/,
  ),
  table(
    ['Order', 'Status'],
    [
      ['A-118', 'Shipped'],
      ['A-119', 'Delayed'],
      ['A-120', 'Delivered'],
    ],
    'What is the status of order A-119?',
    /delayed/i,
  ),
]
