/**
 * The frozen set of pictures about which is asked: pages that a browser renders, each with a question and what a right answer holds.
 * Every other one is for tuning; nothing may be tuned on the others.
 */

export interface Page {
  readonly id: string
  readonly kind: 'receipt' | 'terminal' | 'dialog' | 'chart' | 'sign' | 'table'
  readonly half: 'tune' | 'report'
  readonly width: number
  readonly height: number
  readonly html: string
  readonly question: string
  /** Found in a right answer. */
  readonly right: RegExp
}

type Drawn = Omit<Page, 'half' | 'id' | 'kind'>

const page = (body: string, style: string) =>
  `<!doctype html><meta charset="utf-8"><style>body{margin:0;padding:18px;${style}}</style>${body}`

function receipt(
  shop: string,
  items: readonly (readonly [string, string])[],
  sums: readonly (readonly [string, string])[],
  foot: string,
  question: string,
  right: RegExp,
  style = 'font:17px "DejaVu Sans Mono";background:#fff;color:#111',
): Drawn {
  const rows = (list: readonly (readonly [string, string])[]) =>
    `<table width="100%">${list.map(([name, price]) => `<tr><td>${name}<td align="right">${price}`).join('')}</table>`
  const body = `<center><b>${shop}</b></center><hr>${rows(items)}<hr>${rows(sums)}<p>${foot}</p>`
  return {
    width: 420,
    height: 230 + 27 * (items.length + sums.length),
    html: page(body, style),
    question,
    right,
  }
}

const receipts: readonly Drawn[] = [
  receipt(
    'GREEN GROCER<br>14 Mill Lane',
    [
      ['Apples 1.2 kg', '3.48'],
      ['Oat milk', '2.19'],
      ['Brown bread', '2.85'],
      ['Tomatoes', '4.10'],
    ],
    [
      ['Subtotal', '12.62'],
      ['Tax', '0.88'],
      ['<b>TOTAL</b>', '<b>13.50</b>'],
    ],
    'Card **** 7731<br>2026-02-11 17:05',
    'What is the total on this receipt?',
    /13\.50/,
  ),
  receipt(
    'Cafe Central',
    [
      ['Espresso', '2.40'],
      ['Cheesecake', '5.20'],
      ['Orange juice', '3.90'],
    ],
    [['TOTAL EUR', '11.50']],
    'Table 7, served by Nina',
    'How much was the cheesecake?',
    /5\.20/,
    'font:18px "DejaVu Serif";background:#fbf7ee;color:#222',
  ),
  receipt(
    'HARDWARE DEPOT #218',
    [
      ['Hammer 16oz', '18.99'],
      ['Wood screws x100', '7.49'],
      ['Paint roller', '9.25'],
      ['Work gloves', '11.00'],
    ],
    [
      ['Subtotal', '46.73'],
      ['Sales tax 7.5%', '3.50'],
      ['TOTAL', '$50.23'],
      ['CASH', '$60.00'],
      ['CHANGE', '$9.77'],
    ],
    'Thank you!',
    'How much change was given?',
    /9\.77/,
  ),
  receipt(
    'City Parking<br>Garage North',
    [
      ['Entry', '08:12'],
      ['Exit', '11:47'],
      ['Duration', '3 h 35 min'],
    ],
    [['Paid', '$14.00']],
    'Ticket 004518',
    'How much was paid for parking?',
    /\b14(\.00)?\b/,
  ),
  receipt(
    'PHARMACY PLUS',
    [
      ['Vitamin D3', '8.95'],
      ['Bandages', '4.30'],
      ['Hand cream', '6.75'],
    ],
    [
      ['Total', '20.00'],
      ['Member discount', '-2.00'],
      ['Amount due', '18.00'],
    ],
    'Open Mon-Sat 8-20',
    'What is the amount due?',
    /\b18(\.00)?\b/,
    'font:16px "DejaVu Sans";background:#eef5f2;color:#134',
  ),
  receipt(
    'Pizza Napoli<br>Delivery',
    [
      ['Margherita', '9.50'],
      ['Quattro Formaggi', '12.00'],
      ['Tiramisu', '5.50'],
      ['Delivery', '3.00'],
    ],
    [
      ['Total', '30.00'],
      ['Tip', '4.00'],
      ['Charged', '34.00'],
    ],
    'Order 5521',
    'How much was the tip?',
    /\b4(\.00)?\b/,
  ),
  receipt(
    'BOOK CORNER',
    [
      ['The Long Road', '14.90'],
      ['Atlas of Birds', '32.00'],
      ['Notebook A5', '4.60'],
    ],
    [
      ['3 items', ''],
      ['TOTAL', '51.50'],
    ],
    'Receipt no. 90417',
    'What is the receipt number?',
    /90417/,
    'font:17px "DejaVu Sans Condensed";background:#fff;color:#000',
  ),
  receipt(
    'FUEL STOP 24',
    [
      ['Diesel 41.20 L', '68.39'],
      ['Car wash', '9.90'],
    ],
    [['TOTAL', '78.29']],
    'Pump 6 &nbsp; 2026-05-30 06:41',
    'What does the receipt say the total is?',
    /78\.29/,
  ),
]

function terminal(
  lines: readonly string[],
  question: string,
  right: RegExp,
  colours = 'background:#111;color:#ddd',
): Drawn {
  const body = `<pre style="margin:0">${lines.join('\n')}</pre>`
  return {
    width: 860,
    height: 60 + 22 * lines.length,
    html: page(body, `font:16px "DejaVu Sans Mono";${colours}`),
    question,
    right,
  }
}

const terminals: readonly Drawn[] = [
  terminal(
    [
      '$ npm run build',
      '> shop@2.1.0 build',
      '> tsc -p .',
      '',
      "src/cart.ts:42:17 - error TS2339: Property 'price' does not exist",
      "  on type 'Item'.",
      '',
      'Found 1 error in src/cart.ts:42',
    ],
    'Read me the error on my screen.',
    /price/i,
  ),
  terminal(
    [
      '$ python train.py',
      'Traceback (most recent call last):',
      '  File "train.py", line 18, in &lt;module&gt;',
      '    import pandas as pd',
      "ModuleNotFoundError: No module named 'pandas'",
    ],
    'Which module is missing according to my screen?',
    /pandas/i,
    'background:#fff;color:#222',
  ),
  terminal(
    [
      '$ git push origin main',
      'To github.com:acme/web.git',
      ' ! [rejected]  main -&gt; main (fetch first)',
      'error: failed to push some refs',
      'hint: Updates were rejected because the remote',
      'hint: contains work that you do not have locally.',
    ],
    'Which branch was rejected?',
    /main/i,
  ),
  terminal(
    [
      '$ df -h',
      'Filesystem   Size  Used  Avail  Use%',
      '/dev/sda1    120G   97G    23G   81%',
      '/dev/sdb1    500G  210G   290G   42%',
    ],
    'How much space is used on sda1, in percent?',
    /81/,
    'background:#002b36;color:#93a1a1',
  ),
  terminal(
    [
      '$ cargo test',
      'running 3 tests',
      'test parse_header ... ok',
      'test parse_body ... FAILED',
      'test round_trip ... ok',
      '',
      'test result: FAILED. 2 passed; 1 failed',
    ],
    'Which test failed?',
    /parse[ _]?body/i,
  ),
  terminal(
    ['$ ssh deploy@10.0.4.17', 'ssh: connect to host 10.0.4.17 port 22: Connection timed out', '$ _'],
    'What is the error on my screen?',
    /timed? ?out/i,
  ),
  terminal(
    [
      '[12:04:11] INFO  server started on port 9090',
      '[12:04:37] WARN  slow query 2140 ms',
      '[12:05:02] ERROR database connection lost',
      '[12:05:03] INFO  retry in 5 s',
    ],
    'What does the error line in this log say?',
    /connection (is |was |has been )?lost|lost.{0,20}connection/i,
    'background:#1e1e2e;color:#cdd6f4',
  ),
  terminal(
    [
      '$ docker ps',
      'NAMES     IMAGE            STATUS',
      'web       nginx:1.27       Up 3 hours',
      'cache     redis:7.4        Up 3 hours',
      'db        postgres:16      Restarting',
    ],
    'Which container is restarting?',
    /\bdb\b|postgres/i,
  ),
]

function dialog(
  title: string,
  text: string,
  buttons: readonly string[],
  question: string,
  right: RegExp,
  accent = '#2563eb',
): Drawn {
  const body = `<div style="max-width:520px;margin:30px auto;background:#fff;border-radius:10px;box-shadow:0 4px 24px #0003;padding:24px">
<h2 style="margin:0 0 10px;color:${accent}">${title}</h2><p>${text}</p><p align="right">${buttons
    .map((name) => `<button style="font:15px DejaVu Sans;padding:8px 16px;margin-left:8px">${name}</button>`)
    .join('')}</p></div>`
  return {
    width: 680,
    height: 330,
    html: page(body, 'font:16px "DejaVu Sans";background:#cbd5e1;color:#1e293b'),
    question,
    right,
  }
}

const dialogs: readonly Drawn[] = [
  dialog(
    'Disk almost full',
    'Only 1.8 GB are left on drive C. Free up some space to install the update.',
    ['Later', 'Clean up'],
    'What is the problem on my screen?',
    /disk|space|1\.8/i,
  ),
  dialog(
    'Payment declined',
    'Your bank refused the charge of $49.00. Error code: E-2047. Try another card.',
    ['Cancel', 'Use another card'],
    'What is the error code?',
    /2047/,
    '#dc2626',
  ),
  dialog(
    'Update available',
    'Version 5.3.1 is ready to install. The restart takes about 4 minutes.',
    ['Not now', 'Restart'],
    'Which version is available?',
    /5\.3\.1/,
  ),
  dialog(
    'Meeting with Laura',
    'Thursday, 9 April, 14:30 in room Maple. Agenda: budget for next year.',
    ['Decline', 'Accept'],
    'In which room is the meeting?',
    /maple/i,
    '#7c3aed',
  ),
  dialog(
    'Unsaved changes',
    'The document "Report Q3" has been changed. Do you want to save it before closing?',
    ['Discard', 'Save'],
    'Which document has unsaved changes?',
    /report q3/i,
  ),
  dialog(
    'Sign-in failed',
    'The password is wrong. You have 2 attempts left before the account is locked.',
    ['Forgot password?', 'Try again'],
    'How many attempts do I have left?',
    /\b2\b|two/i,
    '#dc2626',
  ),
  dialog(
    'Flight LX 318',
    'Zurich to London, gate B27. Boarding starts at 10:55. Seat 14C.',
    ['Show boarding pass'],
    'Which gate does my flight leave from?',
    /B ?27/i,
    '#b91c1c',
  ),
  dialog(
    'Delivery today',
    'Your parcel 7702-118 arrives between 15:00 and 17:00. The driver is Marco.',
    ['Track', 'Change'],
    'When does my parcel arrive?',
    /15[:.]?00|3 ?p/i,
    '#15803d',
  ),
]

function chart(
  title: string,
  bars: readonly (readonly [string, number])[],
  unit: string,
  question: string,
  right: RegExp,
  colour = '#3b82f6',
): Drawn {
  const most = Math.max(...bars.map(([, value]) => value))
  const columns = bars
    .map(
      ([name, value]) =>
        `<td valign="bottom" align="center" style="padding:0 10px"><div>${value}${unit}</div><div style="width:60px;height:${Math.round((200 * value) / most)}px;background:${colour}"></div><div style="margin-top:6px">${name}</div>`,
    )
    .join('')
  return {
    width: 90 * bars.length + 60,
    height: 350,
    html: page(
      `<h3 style="margin:0 0 12px">${title}</h3><table><tr>${columns}</table>`,
      'font:15px "DejaVu Sans";background:#fff;color:#111',
    ),
    question,
    right,
  }
}

const charts: readonly Drawn[] = [
  chart(
    'Visitors per day',
    [
      ['Mon', 120],
      ['Tue', 145],
      ['Wed', 98],
      ['Thu', 162],
      ['Fri', 210],
    ],
    '',
    'How many visitors came on Friday?',
    /210/,
  ),
  chart(
    'Rainfall 2025 in mm',
    [
      ['Jan', 61],
      ['Feb', 48],
      ['Mar', 75],
      ['Apr', 33],
    ],
    '',
    'What is the title of this chart?',
    /rain/i,
    '#0ea5e9',
  ),
  chart(
    'Sales by region',
    [
      ['North', 34],
      ['South', 51],
      ['East', 27],
      ['West', 46],
    ],
    'k',
    'Which regions are in the chart?',
    /north.*south.*east.*west/is,
    '#f97316',
  ),
  chart(
    'Battery test, hours',
    [
      ['Alpha', 9],
      ['Bravo', 14],
      ['Delta', 11],
    ],
    'h',
    'How many hours did Bravo last?',
    /14/,
    '#16a34a',
  ),
]

function sign(lines: readonly string[], style: string, question: string, right: RegExp): Drawn {
  const body = `<div style="text-align:center">${lines.map((line) => `<div>${line}</div>`).join('')}</div>`
  return { width: 520, height: 80 + 62 * lines.length, html: page(body, style), question, right }
}

const signs: readonly Drawn[] = [
  sign(
    ['NO PARKING', 'Mon - Fri', '8 AM - 6 PM'],
    'font:bold 42px "DejaVu Sans";background:#fff;color:#c00;border:8px solid #c00',
    'What does this sign say?',
    /no parking/i,
  ),
  sign(
    ['PLATFORM 9', 'Bristol', '16:42'],
    'font:bold 44px "DejaVu Sans Mono";background:#001a33;color:#ffd34d',
    'When does the train to Bristol leave?',
    /16[:.]?42|4:42/,
  ),
  sign(
    ['WET FLOOR', 'Please take care'],
    'font:bold 44px "DejaVu Sans";background:#ffd500;color:#111',
    'What does the sign warn about?',
    /wet|floor/i,
  ),
  sign(
    ['Museum of Glass', 'Open 10 - 18', 'Closed on Mondays'],
    'font:36px "DejaVu Serif";background:#2f4f4f;color:#f5f5dc',
    'On which day is the museum closed?',
    /monday/i,
  ),
  sign(
    ['EXIT 34', 'Airport', '2 miles'],
    'font:bold 46px "DejaVu Sans";background:#0b6b3a;color:#fff',
    'Which exit is for the airport?',
    /34/,
  ),
  sign(
    ['Wi-Fi: Guest-Lounge', 'Password: maple2026'],
    'font:34px "DejaVu Sans";background:#fafafa;color:#222',
    'What is the Wi-Fi password?',
    /maple ?2026/i,
  ),
  sign(
    ['SPEED LIMIT', '55'],
    'font:bold 56px "DejaVu Sans Condensed";background:#fff;color:#000;border:6px solid #000',
    'What is the speed limit?',
    /55/,
  ),
  sign(
    ['Soup of the day', 'Pumpkin and ginger', '6.50'],
    'font:italic 34px "DejaVu Serif";background:#2b2b2b;color:#fff',
    'What is the soup of the day?',
    /pumpkin/i,
  ),
]

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

const tables: readonly Drawn[] = [
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

const kinds = {
  receipt: receipts,
  terminal: terminals,
  dialog: dialogs,
  chart: charts,
  sign: signs,
  table: tables,
}

export const PAGES: readonly Page[] = Object.entries(kinds).flatMap(([kind, drawn]) =>
  drawn.map(
    (each, index): Page => ({
      ...each,
      id: `${kind}-${index + 1}`,
      kind: kind as Page['kind'],
      half: index % 2 === 0 ? 'tune' : 'report',
    }),
  ),
)
