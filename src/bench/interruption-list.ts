/**
 * A second frozen list, for what is said over the model: more of what interrupts and of what must not, in English and Spanish. Made before
 * anything was tuned on it, after the report half of the first had been looked at. Its halves share no sentence, seed or English voice, but
 * signs of listening, which are few words, and the three Spanish voices. Everything here is synthetic.
 */
import type { Half, ListedSound, SoundKind } from './sound-list.js'

export const INTERRUPTION_SET_VERSION = 'over-1'

interface Spoken {
  readonly half: Half
  readonly language: 'en' | 'es'
  /** Who speaks over the model; whoever asks asks in the same voice. */
  readonly users: readonly string[]
  readonly model: string
  /** Of those on the television and in the crowd. */
  readonly others: readonly string[]
  /** How many voices say each of `bargeIns` and `backchannels`. */
  readonly takes: readonly [bargeIns: number, backchannels: number]
  readonly bargeIns: readonly string[]
  readonly backchannels: readonly string[]
  readonly finished: readonly string[]
  /** What the model says meanwhile. */
  readonly answer: readonly string[]
  /** What is said on the television. */
  readonly broadcast: readonly string[]
}

const SPOKEN: readonly Spoken[] = [
  {
    half: 'report',
    language: 'en',
    users: [
      'af_alloy',
      'am_echo',
      'af_aoede',
      'am_fenrir',
      'bf_lily',
      'bm_fable',
      'af_kore',
      'am_michael',
      'af_sky',
    ],
    model: 'af_heart',
    others: ['am_santa', 'bm_daniel', 'bf_isabella', 'af_jessica'],
    takes: [3, 2],
    bargeIns: [
      'Stop.',
      'Wait.',
      'No.',
      'Hang on.',
      'Hey, stop there.',
      'No, no, I meant the morning one.',
      'Wait, go back.',
      'Sorry, what was that?',
      'Hold on a minute.',
      'Skip that, please.',
      'But why is that?',
      'Who told you that?',
      'Which one is cheaper?',
      'Can we start over?',
      'Not so fast, please.',
      'I do not want that.',
      'Tell me something different.',
      'Yes, but how long does it take?',
      'Okay, stop.',
      'Right, and where is it?',
      'One moment, someone is at the door.',
      'Let me ask you something else.',
      'Quiet, please.',
      'Make it shorter.',
      'That is not what I asked.',
      'Is that far from here?',
      'Go on to the next one.',
      'I have heard this before.',
      'Thanks, that is all I need.',
      'Do they open on Mondays?',
      'Play some music instead.',
      'Slow down.',
    ],
    backchannels: [
      'Mm-hm.',
      'Uh-huh.',
      'I see.',
      'Right.',
      'Okay.',
      'Yeah, yeah.',
      'Oh, right.',
      'Got it.',
      'Ah, okay.',
      'Sure, sure.',
      'Interesting.',
      'Makes sense.',
      'That is true.',
    ],
    finished: [
      'Which museums are worth a visit?',
      'Why do leaves change colour?',
      'What do I need for pancakes?',
      'Who was the first person on the moon?',
    ],
    answer: [
      'The old harbour was built by fishermen more than three hundred years ago.',
      'In winter the whole valley is covered with snow, and the road is often closed.',
      'Most visitors take the small ferry, which leaves every forty minutes.',
      'There are two good bakeries on the corner, and both of them open early.',
      'The number of the office is six one four, nine nine two, seven.',
      'From the top of the tower you can see the islands on a clear day.',
      'The second part of the film was made ten years later in another country.',
      'Rabbits eat mostly grass, but they also like fresh herbs and carrots.',
    ],
    broadcast: [
      'The government has announced new measures for the coming winter.',
      'And now the weather, with rain in the north and sun in the south.',
      'The match ended two to one after a penalty in the last minute.',
      'Our reporter spoke with several people who live near the airport.',
      'She opened the letter slowly and could not believe what she read.',
      'Buy one today and get the second for half the price.',
      'Police are looking for two men in connection with the robbery.',
      'You never told me that you had a brother in Chicago.',
    ],
  },
  {
    half: 'report',
    language: 'es',
    users: ['ef_dora', 'em_santa'],
    model: 'em_alex',
    others: ['em_alex'],
    takes: [2, 2],
    bargeIns: [
      'Para.',
      'Espera.',
      'No.',
      'Un momento, por favor.',
      'No, eso no.',
      'Perdona, ¿puedes repetirlo?',
      '¿Y cuánto cuesta?',
      'Vale, ¿y después qué?',
      'Háblame de otra cosa.',
      'Ya basta, gracias.',
      'Más despacio, por favor.',
      'Eso no es lo que he dicho.',
      '¿A qué hora abre?',
      'Sí, pero ¿por qué?',
    ],
    backchannels: [
      'Ajá.',
      'Vale.',
      'Ya.',
      'Claro.',
      'Sí, sí.',
      'Ya veo.',
      'Entiendo.',
      'Mm.',
      'Ah, vale.',
      'Qué bien.',
    ],
    finished: ['¿Qué museos merecen una visita?', '¿Quién pintó Las Meninas?'],
    answer: [
      'El puerto viejo lo construyeron los pescadores hace más de trescientos años.',
      'En invierno todo el valle queda cubierto de nieve y la carretera se cierra a menudo.',
      'La mayoría de los visitantes toma el barco pequeño, que sale cada cuarenta minutos.',
      'Hay dos buenas panaderías en la esquina, y las dos abren temprano.',
    ],
    broadcast: [
      'El gobierno ha anunciado nuevas medidas para el próximo invierno.',
      'Y ahora el tiempo, con lluvia en el norte y sol en el sur.',
      'El partido terminó dos a uno con un penalti en el último minuto.',
      'La policía busca a dos hombres en relación con el robo.',
    ],
  },
  {
    half: 'tune',
    language: 'en',
    users: ['af_bella', 'am_adam', 'bf_emma', 'bm_george', 'af_nova', 'am_eric'],
    model: 'af_sarah',
    others: ['am_onyx', 'bf_alice', 'bm_lewis', 'af_river'],
    takes: [2, 2],
    bargeIns: [
      'Be quiet.',
      'No, wait.',
      'Could you stop?',
      'Why?',
      'What do you mean?',
      'Yeah, I know all that.',
      'Okay, but is it expensive?',
      'Where did you read that?',
      'I said the red one.',
      'Listen, I have to go.',
      'Next question.',
      'Start again, please.',
    ],
    backchannels: [
      'Mm-hm.',
      'Uh-huh.',
      'I see.',
      'Right, right.',
      'Okay, okay.',
      'Oh, I see.',
      'Yeah, sure.',
      'Oh wow.',
      'Very good.',
      'I understand.',
    ],
    finished: ['What is the best time to visit Rome?', 'How does a compass work?'],
    answer: [
      'The castle stands on a hill above the river and can be reached on foot.',
      'It takes about fifty minutes, and the path is easy for children too.',
      'Behind the kitchen there is a small garden with tomatoes and beans.',
      'The last king who lived there was very fond of clocks.',
    ],
    broadcast: [
      'The president will travel to Japan at the end of the month.',
      'Traffic is slow on the ring road because of an accident.',
      'He scored his tenth goal of the season this evening.',
      'I have waited for you all my life, said the captain.',
    ],
  },
  {
    half: 'tune',
    language: 'es',
    users: ['em_alex'],
    model: 'ef_dora',
    others: ['ef_dora'],
    takes: [1, 1],
    bargeIns: [
      'Para ya.',
      'Espera un momento.',
      'No, el otro.',
      '¿Qué has dicho?',
      'Oye, una pregunta.',
      'Cállate, por favor.',
      '¿Cuánto dura?',
      'Vale, pero ¿dónde está?',
    ],
    backchannels: ['Vale.', 'Ya.', 'Claro.', 'Ajá.', 'Sí.', 'Muy bien.', 'De acuerdo.', 'Ah, ya.'],
    finished: ['¿Cuándo es mejor viajar a Roma?'],
    answer: [
      'El castillo está en una colina sobre el río y se puede llegar a pie.',
      'Se tarda unos cincuenta minutos y el camino es fácil también para los niños.',
      'Detrás de la cocina hay un pequeño jardín con tomates y judías.',
    ],
    broadcast: [
      'El presidente viajará a Japón a finales de mes.',
      'El tráfico es lento en la autopista por un accidente.',
    ],
  },
]

/** A sound from random numbers of each half: how many, and the seed of the first. */
const SEEDED: readonly (readonly [SoundKind, report: number, tune: number, firstSeed: number])[] = [
  ['cough', 8, 4, 2_100],
  ['keyboard', 4, 2, 2_200],
  ['noise', 4, 2, 2_300],
  ['music', 4, 2, 2_400],
  ['babble', 8, 6, 2_500],
  ['tv', 12, 8, 2_600],
]
/** Of the televisions so many speak Spanish to who speaks Spanish. */
const SPANISH_SHARE = 0.25

function said({ half, language, users, takes, ...texts }: Spoken): ListedSound[] {
  const of = (
    kind: SoundKind,
    list: readonly string[],
    count: number,
    voices: readonly string[],
  ): ListedSound[] =>
    list.flatMap((text, index) =>
      Array.from({ length: count }, (_, take) => ({
        id: `${half}-${language}-${kind}-${String(index + 1).padStart(2, '0')}-${take + 1}`,
        kind,
        half,
        language,
        text,
        // Step by step through the voices, so that every one says every kind of thing.
        voice: voices[(index * count + take) % voices.length]!,
      })),
    )
  return [
    // Before what is made of them.
    ...of('broadcast', texts.broadcast, 1, texts.others),
    ...of('barge-in', texts.bargeIns, takes[0], users),
    ...of('backchannel', texts.backchannels, takes[1], users),
    ...users.flatMap((voice, index) =>
      of('finished', [texts.finished[index % texts.finished.length]!], 1, [voice]).map((sound) => ({
        ...sound,
        id: `${sound.id}-${voice}`,
      })),
    ),
    ...of('continuation', texts.answer, 1, [texts.model]),
  ]
}

function seeded(): ListedSound[] {
  return SEEDED.flatMap(([kind, report, tune, firstSeed]) =>
    (['report', 'tune'] as const).flatMap((half) =>
      Array.from({ length: half === 'report' ? report : tune }, (_, index) => ({
        id: `${half}-${kind}-${String(index + 1).padStart(2, '0')}`,
        kind,
        half,
        language: kind === 'tv' && index < SPANISH_SHARE * (half === 'report' ? report : tune) ? 'es' : 'en',
        seed: firstSeed + (half === 'report' ? 0 : 50) + index,
      })),
    ),
  )
}

export const INTERRUPTION_LIST: readonly ListedSound[] = [...SPOKEN.flatMap(said), ...seeded()]
