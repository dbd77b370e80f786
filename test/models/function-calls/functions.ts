/** The declarations of the frozen set: four applications, each with its own functions. Knows nothing of prompts or engines. */
import type { FunctionDeclaration, JsonObject } from '../../../src/engine/index.js'

const text = (description: string): JsonObject => ({ type: 'string', description })
const oneOf = (...values: string[]): JsonObject => ({ type: 'string', enum: values })
const whole = (minimum: number, maximum: number, description: string): JsonObject => ({
  type: 'integer',
  minimum,
  maximum,
  description,
})
function declare(
  name: string,
  description: string,
  properties: JsonObject = {},
  required: readonly string[] = Object.keys(properties),
): FunctionDeclaration {
  return Object.keys(properties).length === 0
    ? { name, description }
    : { name, description, parameters: { type: 'object', properties, required } }
}

/** The home and the phone belong to the half that prompts and thresholds are tuned on; the report half has the other three. */
export const APPLICATIONS: Readonly<Record<string, readonly FunctionDeclaration[]>> = {
  home: [
    declare(
      'set_lights',
      'Turn the lights of a room on or off, or dim them',
      {
        room: oneOf('kitchen', 'living_room', 'bedroom', 'bathroom'),
        state: oneOf('on', 'off'),
        brightness: whole(0, 100, 'Percent'),
      },
      ['room', 'state'],
    ),
    declare('set_thermostat', 'Set the temperature of the heating', {
      temperature: whole(10, 30, 'Degrees Celsius'),
    }),
    declare('set_timer', 'Start a countdown timer', { minutes: whole(1, 600, 'Duration in minutes') }),
    declare('play_music', 'Play a song, an artist or a genre', { query: text('What to play') }),
    declare(
      'get_weather',
      'Get the weather forecast for a city',
      { city: text('City'), day: oneOf('today', 'tomorrow') },
      ['city'],
    ),
    declare('lock_front_door', 'Lock the front door of the house'),
  ],
  phone: [
    declare('send_message', 'Send a text message to somebody', {
      recipient: text('Name of the contact'),
      text: text('What the message says'),
    }),
    declare('call_contact', 'Call somebody on the phone', { name: text('Name of the contact') }),
    declare(
      'create_event',
      'Put an appointment into the calendar',
      {
        title: text('What it is'),
        day: oneOf('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'),
        hour: whole(0, 23, 'Hour of the day, 24-hour clock'),
      },
      ['title', 'day'],
    ),
    declare('add_to_shopping_list', 'Add things to the shopping list', {
      items: { type: 'array', items: { type: 'string' }, minItems: 1 },
    }),
    declare('translate', 'Translate words into another language', {
      words: text('What to translate'),
      language: oneOf('english', 'spanish', 'french', 'german', 'italian'),
    }),
    declare('take_photo', 'Take a picture with the camera', { camera: oneOf('front', 'back') }, []),
  ],
  office: [
    declare('book_room', 'Reserve a meeting room', {
      people: whole(1, 50, 'How many people'),
      hour: whole(7, 20, 'Start, 24-hour clock'),
    }),
    declare(
      'create_ticket',
      'Report a problem to the IT department',
      {
        problem: text('What is wrong'),
        priority: oneOf('low', 'normal', 'high'),
      },
      ['problem'],
    ),
    declare('find_employee', 'Look up the office and phone extension of a colleague', {
      name: text('Name of the colleague'),
    }),
    declare('order_lunch', 'Order lunch from the canteen', {
      dishes: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          properties: { dish: { type: 'string' }, quantity: whole(1, 20, 'How many') },
          required: ['dish', 'quantity'],
        },
      },
    }),
    declare('request_leave', 'Ask for days of holiday', {
      days: whole(1, 30, 'How many days'),
      month: oneOf(
        'january',
        'february',
        'march',
        'april',
        'may',
        'june',
        'july',
        'august',
        'september',
        'october',
        'november',
        'december',
      ),
    }),
    declare('open_garage', 'Open the gate of the company garage'),
  ],
  town: [
    declare(
      'get_departures',
      'Get the next buses or trains from a stop',
      {
        stop: text('Name of the stop'),
        kind: oneOf('bus', 'train'),
      },
      ['stop'],
    ),
    declare(
      'book_table',
      'Reserve a table in a restaurant',
      {
        restaurant: text('Name of the restaurant'),
        people: whole(1, 20, 'How many people'),
        hour: whole(0, 23, '24-hour clock'),
      },
      ['restaurant', 'people'],
    ),
    declare('convert_money', 'Convert an amount of money at the current rate', {
      amount: { type: 'number', minimum: 0 },
      from: oneOf('EUR', 'USD', 'GBP', 'JPY'),
      to: oneOf('EUR', 'USD', 'GBP', 'JPY'),
    }),
    declare('get_opening_hours', 'Get the opening hours of a shop, museum or office', {
      place: text('Name of the place'),
    }),
    declare('call_taxi', 'Order a taxi to an address', {
      pickup: {
        type: 'object',
        properties: { street: { type: 'string' }, number: { type: 'integer', minimum: 1 } },
        required: ['street', 'number'],
      },
    }),
    declare('report_emergency', 'Alert the emergency services', {
      service: oneOf('police', 'fire', 'ambulance'),
    }),
  ],
}
