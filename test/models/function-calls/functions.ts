/** The declarations of the frozen set, application by application. Knows nothing of prompts or engines. */
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

/** Prompts and thresholds are tuned on home and phone, car to library serve to practise; the report half has the other two. */
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
  car: [
    declare(
      'navigate_to',
      'Start navigation to a destination',
      { destination: text('Place or address'), avoid_tolls: { type: 'boolean' } },
      ['destination'],
    ),
    declare(
      'find_charger',
      'Find a charging station for the battery',
      { radius_km: whole(1, 100, 'At most this far away') },
      [],
    ),
    declare('move_window', 'Open or close a window', {
      side: oneOf('left', 'right'),
      percent: whole(0, 100, '0 = closed, 100 = open'),
    }),
    declare('set_cruise_speed', 'Set the speed of the cruise control', {
      kmh: whole(30, 180, 'Kilometres per hour'),
    }),
    declare('read_messages', 'Read the new messages aloud'),
  ],
  bank: [
    declare('get_balance', 'Get the balance of an account', { account: oneOf('checking', 'savings') }),
    declare(
      'transfer_money',
      'Send money to somebody',
      {
        recipient: text('Who gets the money'),
        amount: { type: 'number', exclusiveMinimum: 0, description: 'Euros' },
        note: text('What it is for'),
      },
      ['recipient', 'amount'],
    ),
    declare('freeze_card', 'Block a card so that nobody can pay with it', { card: oneOf('debit', 'credit') }),
    declare(
      'list_transactions',
      'List the latest payments',
      { count: whole(1, 50, 'How many'), category: oneOf('food', 'travel', 'housing', 'leisure') },
      ['count'],
    ),
    declare('find_atm', 'Find the nearest cash machine'),
  ],
  shop: [
    declare('track_order', 'Get the delivery status of an order', { order: text('Order number') }),
    declare('cancel_order', 'Cancel an order', { order: text('Order number') }),
    declare(
      'search_products',
      'Search the products of the shop',
      {
        query: text('What to look for'),
        max_price: { type: 'number', minimum: 0, description: 'Euros' },
      },
      ['query'],
    ),
    declare('return_item', 'Send back something that was bought', {
      item: text('What is sent back'),
      reason: oneOf('damaged', 'wrong_size', 'not_wanted'),
    }),
    declare(
      'connect_agent',
      'Connect the customer with a human agent',
      { topic: oneOf('orders', 'payments', 'other') },
      [],
    ),
    declare('subscribe_newsletter', 'Subscribe to the newsletter', {
      email: { type: 'string', description: 'E-mail address' },
    }),
  ],
  fitness: [
    declare(
      'start_workout',
      'Start and record a workout',
      {
        kind: oneOf('running', 'cycling', 'swimming', 'yoga'),
        minutes: whole(5, 240, 'How long'),
      },
      ['kind'],
    ),
    declare('stop_workout', 'End the current workout'),
    declare('log_water', 'Write down how much the user drank', { millilitres: whole(10, 3000, 'Amount') }),
    declare('log_meal', 'Write down what the user ate', {
      food: text('What was eaten'),
      meal: oneOf('breakfast', 'lunch', 'dinner', 'snack'),
    }),
    declare(
      'get_sleep',
      'Get how long and how well the user slept',
      { day: oneOf('today', 'yesterday') },
      [],
    ),
    declare('set_step_goal', 'Set how many steps to walk each day', {
      steps: whole(1000, 50_000, 'Steps a day'),
    }),
  ],
  library: [
    declare(
      'search_catalogue',
      'Look up whether the library has a book',
      { title: text('Title'), author: text('Author') },
      [],
    ),
    declare('renew_loan', 'Keep a borrowed book for longer', { title: text('Title of the book') }),
    declare(
      'reserve_desk',
      'Reserve a desk in the reading room',
      {
        day: oneOf('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'),
        hours: whole(1, 8, 'How long'),
        zone: oneOf('quiet', 'group', 'children'),
      },
      ['day', 'hours'],
    ),
    declare('get_fees', 'Get the fees that the reader has to pay'),
    declare(
      'set_reminder',
      'Remind the reader on a day',
      {
        date: { type: 'string', format: 'date' },
        time: { type: 'string', format: 'time' },
      },
      ['date'],
    ),
    declare(
      'suggest_purchase',
      'Suggest a book that the library should buy',
      { title: text('Title'), author: text('Author') },
      ['title'],
    ),
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
