/** Terminals of the frozen set. */
import { type Drawn, page } from './page.js'

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

export const terminals: readonly Drawn[] = [
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
