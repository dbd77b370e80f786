/**
 * What the words alone tell of 125 turns that stop in the middle and of 124 that are over, in English and Spanish, as a recogniser writes them: a full stop behind
 * whatever it heard. Every second sentence of each list was looked at while the rules were made; the others only counted.
 */
import { describe, expect, it } from 'vitest'
import { completeness } from './completeness.js'

const UNFINISHED_ENGLISH = `
I went to the shop yesterday and
I'd like to book a flight to.
Can you tell me where the
I was wondering if you could.
The thing is that.
Well, I'm not sure, but I guess.
It would be nice to have a
We could meet on Friday or.
I don't really know, but I think.
My favorite color is.
Please send an email to my.
What I wanted to say is.
I'm calling because of.
Yesterday I saw a very.
If I had more time, I would.
She told me that she.
The best way to do this is to.
There were about.
I need to buy some bread and some.
Could you remind me to.
So what happened was.
And I suppose.
I was born in the.
He is the one who.
You should have seen the.
We were going to visit our.
It's a bit like.
The reason is that.
I mean.
You know.
Let me see.
Let me think.
How about we.
I would prefer to sit near the.
Do you have anything that is.
I want to talk about my.
The first thing is.
I was trying to find out whether.
When I was a child, we used to.
In my opinion, it's.
So basically.
I wanted to ask you about.
My name is.
The meeting starts at.
For example.
On the other hand.
What's the difference between.
Is there a train that goes from London to.
I've already tried the.
It depends on.
We have two dogs and a.
I think the problem might be.
I really like the way you.
Please call me when you.
And then I said to.
Maybe we should.
The total was twenty.
I live in a small town called.
Not only that, but.
First of all.
As far as I know.
Actually, I just wanted to.
The other day I was.
He said it would take at least.
Tell me more about the.
I need a recipe with.
I can't remember if I.
That's why I.
I'm looking for something like.
Book a table for four people at.
`

const UNFINISHED_SPANISH = `
Ayer fui a la tienda y.
Quisiera reservar un vuelo a.
¿Me puedes decir dónde está el
Me preguntaba si podrías.
La cosa es que.
No sé, pero supongo.
No estoy seguro, pero creo que.
Podemos quedar el viernes o.
Mi color favorito es.
Manda un correo a mi.
Lo que quería decir es.
Llamo por.
Si tuviera más tiempo.
Ella me dijo que.
La mejor manera de hacerlo es.
Necesito comprar pan y.
Recuérdame que.
O sea.
Es decir.
Por ejemplo.
Yo nací en.
Él es quien.
Íbamos a visitar a nuestros.
Es un poco como.
A ver.
Déjame pensar.
Me gustaría sentarme cerca de la.
¿Tienes algo que sea.
Quiero hablar de mi.
Lo primero es.
Cuando era niño, solíamos.
En mi opinión.
Me llamo.
La reunión empieza a las.
¿Cuál es la diferencia entre?
Hay un tren que va de Madrid a.
Ya he probado con.
Depende de.
Tenemos dos perros y un.
Creo que el problema es.
Llámame cuando.
A lo mejor deberíamos.
Vivo en un pueblo que se llama.
No solo eso, sino.
En primer lugar.
Que yo sepa.
En realidad solo quería.
El otro día estaba.
Dijo que tardaría al menos.
Háblame más de los.
Necesito una receta con.
No me acuerdo si.
Por eso.
Busco algo como.
Reserva una mesa para cuatro a.
`

const FINISHED_ENGLISH = `
I went to the shop yesterday.
I'd like to book a flight to Paris.
Can you tell me where the station is?
Thank you.
Thanks a lot.
That's all.
I guess so.
I think so.
I don't think so.
I'm not sure.
I don't know.
I suppose so.
My favorite color is blue.
Please send an email to my boss.
Yes.
No.
Yes, please.
No, thank you.
Okay, go ahead.
That sounds good to me.
What time is it?
How are you?
Who is it?
What is it for?
Where are you from?
What are you thinking about?
Turn it on.
Turn the lights off.
Come in.
Let's go.
I love it.
I see what you mean.
That's what I mean.
I know.
I told her.
I'm looking for her.
Give it to him.
It's for my mother.
Call me later.
Play some jazz.
Stop the music.
Set a timer for ten minutes.
Remind me to call Anna tomorrow.
Book a table for four at eight.
I live in a small town called Hope.
My name is Peter.
I was born in 1984.
The meeting starts at nine.
We have two dogs and a cat.
I need a recipe with chicken.
That's enough for now.
Tell me more about it.
Tell me a joke.
It depends on the weather.
I've already tried that.
I can't remember.
You are right.
I would love to.
He said it would take at least two hours.
Maybe later.
Nothing else.
Never mind.
Good morning.
See you tomorrow.
I want to talk about my holiday.
We used to live there.
I don't want to.
I already did.
Yes, I am.
No, it isn't.
`

const FINISHED_SPANISH = `
Ayer fui a la tienda.
Quisiera reservar un vuelo a París.
¿Me puedes decir dónde está la estación?
Gracias.
Muchas gracias.
Eso es todo.
Supongo que sí.
Creo que sí.
Creo que no.
No estoy seguro.
No sé.
No lo sé.
Mi color favorito es el azul.
Manda un correo a mi jefa.
Sí.
Sí, por favor.
No, gracias.
Vale, adelante.
Me parece bien.
¿Qué hora es?
¿Cómo estás?
¿Quién es?
¿Para qué es?
¿De dónde eres?
¿En qué piensas?
Enciende la luz.
Apaga la música.
Entra.
Vamos.
Me encanta.
Entiendo lo que quieres decir.
Ya lo sé.
Se lo dije.
Dáselo.
Es para mi madre.
Llámame luego.
Pon música.
Para la música.
Pon una alarma a las siete.
Recuérdame que llame a Ana mañana.
Reserva una mesa para cuatro a las ocho.
Vivo en un pueblo pequeño.
Me llamo Carmen.
Nací en Sevilla.
La reunión empieza a las nueve.
Tenemos dos perros y un gato.
Necesito una receta con pollo.
Ya es suficiente.
Cuéntame más.
Cuéntame un chiste.
Depende del tiempo.
Ya lo he probado.
No me acuerdo.
Tienes razón.
`

const sentences = (list: string) => list.trim().split('\n')
/** It is waited for longer than a second. */
const isWaitedFor = (text: string) => ['doubtful', 'unfinished', 'number'].includes(completeness(text))

describe('sentences', () => {
  it.each([
    ['English', UNFINISHED_ENGLISH],
    ['Spanish', UNFINISHED_SPANISH],
  ])('that stop in the middle are waited for in %s, but 15 of 100', (_, list) => {
    const all = sentences(list)
    const missed = all.filter((text) => !isWaitedFor(text))
    expect(missed.length / all.length, missed.join(' | ')).toBeLessThanOrEqual(0.15)
  })

  it.each([
    ['English', FINISHED_ENGLISH],
    ['Spanish', FINISHED_SPANISH],
  ])('that are over are not in %s, but 5 of 100', (_, list) => {
    const all = sentences(list)
    const held = all.filter(isWaitedFor)
    expect(held.length / all.length, held.join(' | ')).toBeLessThanOrEqual(0.05)
  })
})
