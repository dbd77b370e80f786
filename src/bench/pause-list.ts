/**
 * A frozen list of turns with a pause for thought in them, and of whole ones, in English and Spanish: more of what `v1` has, made before the rules on
 * trailing clauses ("but I guess,") were. Halves share no sentence. Everything here is synthetic.
 */
import type { Half, ListedSound } from './sound-list.js'

export const PAUSE_SET_VERSION = 'pauses-1'

interface Thought {
  readonly half: Half
  readonly language: 'en' | 'es'
  readonly voices: readonly string[]
  readonly paused: readonly (readonly [first: string, then: string])[]
  readonly finished: readonly string[]
}

const THOUGHTS: readonly Thought[] = [
  {
    half: 'report',
    language: 'en',
    voices: ['af_heart', 'am_michael', 'bf_lily', 'am_fenrir', 'af_kore', 'bm_fable', 'af_aoede', 'am_echo'],
    paused: [
      ['I read the reviews, and I suppose,', 'we could try the cheaper one.'],
      ['We talked about it, but I mean,', 'nobody has decided anything yet.'],
      ['My sister said that she would,', 'pick me up at the airport.'],
      ['It is not that I do not like it, it is just,', 'a bit too far away.'],
      ['Remind me on Monday that I have to,', 'water the plants.'],
      ['The reason I am calling is,', 'the package never arrived.'],
      ['Do you remember the name of,', 'the actor in that film?'],
      ['I need three things from the shop,', 'butter, milk and eggs.'],
      ['When I opened the box, I noticed,', 'that the lid was broken.'],
      ['Could you book a room with,', 'two single beds?'],
      ['He works for a company called,', 'Northern Light.'],
      ['My email address is laura dot,', 'martin at example dot com.'],
      ['Last summer we drove from Lyon to,', 'the coast in six hours.'],
      ['What would happen if I,', 'forgot to cancel in time?'],
      ['The second thing I wanted to ask,', 'is about the insurance.'],
      ['I have been thinking about,', 'learning to play the piano.'],
      ['There is a small problem with my,', 'internet connection.'],
      ['I would say it was around,', 'half past seven.'],
      ['Please write to Thomas and tell him,', 'that I am ill today.'],
      ['You know what, let me,', 'check my calendar first.'],
      ['It was raining, so we,', 'stayed at home.'],
      ['The code is four eight,', 'one five two.'],
      ['I would take the train, unless,', 'it is on strike again.'],
      ['We are two adults and,', 'three children.'],
    ],
    finished: [
      'How tall is that tower?',
      'Book a taxi for six.',
      'I have lived here for ten years.',
      'Thanks, I will think about it.',
      'Is there a pharmacy nearby?',
      'Read me the news.',
      'My daughter is seven.',
      'What was the score last night?',
      'I prefer the window seat.',
      'Set a timer for nine minutes.',
      'Where did you put it?',
      'I do not think so.',
      'That is what I was looking for.',
      'Who are you waiting for?',
      'We arrived at noon.',
      'Sounds good to me.',
    ],
  },
  {
    half: 'report',
    language: 'es',
    voices: ['ef_dora', 'em_alex', 'em_santa'],
    paused: [
      ['Quería reservar una mesa para,', 'cuatro personas el viernes.'],
      ['Mi número es seis uno dos,', 'tres cuatro cinco.'],
      ['Lo que no entiendo es,', 'por qué la factura es más alta.'],
      ['Me gustaría ir a un sitio con,', 'playa y poco ruido.'],
      ['El martes no puedo, pero supongo,', 'que el jueves sí.'],
      ['Recuérdame que tengo que,', 'llamar a mi hermana.'],
      ['Si salgo de casa a las ocho,', '¿cuándo llego a Madrid?'],
      ['¿Me puedes decir cómo se llega a la,', 'estación central?'],
      ['El problema es que mi,', 'internet no funciona.'],
      ['Necesito un regalo para mi madre, le gusta,', 'el cine antiguo.'],
      ['Ayer fui al médico y,', 'me dijo que bebiera más agua.'],
      ['Prefiero el azul, porque,', 'va con mi abrigo.'],
      ['Escribe a Ana y dile que,', 'llego diez minutos tarde.'],
      ['Bueno, no sé, o sea,', 'depende del precio.'],
    ],
    finished: [
      '¿Qué hora es?',
      'Cuéntame un chiste.',
      'Me llamo Carmen.',
      'Pon una alarma a las siete.',
      '¿Cómo está el tiempo mañana?',
      'Quiero un café con leche.',
      'Gracias, eso es todo.',
      '¿Dónde está la farmacia?',
      'Vivo en Sevilla desde hace años.',
      'No me gusta el pescado.',
      '¿Cuánto cuesta la entrada?',
      'Prefiero el tren.',
    ],
  },
  {
    half: 'tune',
    language: 'en',
    voices: ['af_bella', 'am_adam', 'bf_emma', 'bm_george', 'af_nova', 'am_eric'],
    paused: [
      ['I could come earlier, but I think,', 'the shop is still closed then.'],
      ['The blue one is nice, and I guess,', 'it is also cheaper.'],
      ['I told her yesterday that we,', 'need more time.'],
      ['The first question I have,', 'is about the price.'],
      ['Please ask him to bring his,', 'passport with him.'],
      ['If it rains tomorrow,', 'we will stay in the hotel.'],
      ['I am not really sure whether,', 'this is the right form.'],
      ['We went to a restaurant called,', 'The Golden Duck.'],
      ['My code is nine one,', 'three zero seven.'],
      ['I would like to know how many,', 'people will be there.'],
    ],
    finished: [
      'When does the bank open?',
      'Turn on the lights.',
      'I am from Canada.',
      'That was very kind of you.',
      'What are you looking at?',
      'I guess so.',
    ],
  },
  {
    half: 'tune',
    language: 'es',
    voices: ['ef_dora', 'em_alex', 'em_santa'],
    paused: [
      ['Podría ir antes, pero creo,', 'que la tienda está cerrada.'],
      ['Lo que quiero decir es,', 'que no tenemos tiempo.'],
      ['Mañana viajo a Valencia con,', 'mi hermano pequeño.'],
      ['Dile a Pedro que traiga su,', 'pasaporte.'],
      ['Si mañana llueve,', 'nos quedamos en casa.'],
      ['No estoy seguro de si,', 'este es el formulario.'],
      ['Mi código es nueve uno,', 'tres cero siete.'],
      ['Quisiera saber cuántas,', 'personas vienen.'],
    ],
    finished: [
      '¿A qué hora abre el banco?',
      'Enciende las luces.',
      'Soy de Canadá.',
      'Eso es muy amable.',
      'Creo que sí.',
      'No lo sé.',
    ],
  },
]

function said({ half, language, voices, paused, finished }: Thought): ListedSound[] {
  const named = (kind: string, index: number) =>
    `${half}-${language}-${kind}-${String(index + 1).padStart(2, '0')}`
  const voiceOf = (index: number) => ({ voice: voices[index % voices.length]!, half, language })
  return [
    ...paused.flatMap(([first, then], index): ListedSound[] => {
      const id = named('unfinished', index)
      const of = voiceOf(index)
      return [
        { id, kind: 'unfinished', text: first, continuedBy: `${id}-then`, ...of },
        { id: `${id}-then`, kind: 'continuation', text: then, ...of },
      ]
    }),
    ...finished.map(
      (text, index): ListedSound => ({
        id: named('finished', index),
        kind: 'finished',
        text,
        ...voiceOf(index),
      }),
    ),
  ]
}

export const PAUSE_LIST: readonly ListedSound[] = THOUGHTS.flatMap(said)
