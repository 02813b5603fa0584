# SPDX-License-Identifier: AGPL-3.0-only
"""English FAQ entries made from templates: intents x verbs x nouns, each with several phrasings.

The point is variety of wording, not truth: the model must learn which words carry a question
(nouns, verbs, kind of question) and to copy, so answers are random but well formed.
"""

NOUNS = [noun.strip() for noun in """
bicycle/bike, parcel/package, invoice/bill, flat/apartment, doctor/physician, car/vehicle, shop/store, child/kid,
sofa/couch, refund/money back, licence/license, photo/picture, phone/telephone, television/tv, laptop/notebook,
film/movie, lift/elevator, holiday/vacation, rubbish/trash, job/position, salary/wage, boss/manager, colleague/coworker,
employee/staff member, customer/client, mail/e-mail/email, address, password/passcode, account/user account, ticket,
voucher/coupon, discount/reduction, deposit/down payment, guarantee/warranty, receipt/proof of purchase, contract/agreement,
insurance/cover, delivery/shipment, courier/delivery man, appointment/slot, meeting, room, table, seat/place, key, card,
membership/subscription, course/class, lesson, exam/test, certificate/diploma, form/application form, document/file,
report, print/copy, book, magazine/journal, library card, locker, towel, pool/swimming pool, gym/fitness room, sauna,
breakfast, lunch, dinner/supper, menu, meal/dish, cake, bread, coffee, tea, wine, beer, water, allergy, vegetarian meal/vegan meal,
dog/puppy, cat, pet/animal, garden, tree, plant/flower, lawn, fence, roof, window, door, wall, floor, kitchen, bathroom/toilet/restroom,
heating/heater, boiler, radiator, lamp/light, battery, charger, cable/wire, plug, fuse, meter/counter, router, printer, scanner,
camera, microphone, headset/headphones, keyboard, mouse, monitor/screen/display, server, backup/copy of the data, database,
update/upgrade, app/application, website/homepage, shopping cart/basket, order/purchase, price list/rates, catalogue/brochure,
newsletter, parking space/car park/parking lot, garage, bus/coach, train, tram, taxi/cab, flight, airport, station, luggage/baggage/suitcase,
passport, visa, identity card/id, tax return, pension, loan/credit, mortgage, savings account, credit card, bank transfer/wire transfer,
cash/coins, exchange rate, fee/charge, fine/penalty, complaint/grievance, suggestion, survey, vaccine/vaccination/jab, prescription,
medicine/drug/medication, blood test, x-ray, dentist, tooth/teeth, glasses/spectacles, hearing aid, wheelchair, ambulance, emergency,
surgery/operation, treatment/therapy, nurse, patient, visitor/guest, babysitter/nanny, kindergarten/nursery, school, teacher, pupil/student,
uniform, playground, birthday party, wedding, concert, museum, exhibition, theatre, guided tour/guide, boat, kayak/canoe, tent, campsite,
ski/skis, helmet, shoes/boots, jacket/coat, dress, trousers/pants, shirt, suit, hat, ring/jewel, watch, necklace, haircut, massage, manicure,
mattress, pillow, blanket/duvet, curtain, carpet/rug, furniture, wardrobe, shelf, drill, ladder, hammer, paint, tyre/tire, brake, engine/motor,
oil change, petrol/gas/fuel, charging station, truck/van, trailer, warehouse/depot, sample, spare part, tool, machine, sensor, alarm/alarm system,
gate, fire extinguisher, first aid kit, overtime, sick leave/sick note, day off/leave, expenses/travel costs, business trip, training, interview,
vacancy/opening, intern/trainee, badge/access card, office, desk, conference room, projector, canteen/cafeteria, dress code, home office/remote work,
sender/from address, log/log file, setting/option, language, notification/alert, message/text message, group/team, contact/address book,
calendar, reminder, note, folder, link, image, video, recording, voice mail, attachment, spam, filter, report button, profile, avatar, username,
role/permission, operator/administrator, token/api key, certificate file, network/wifi, firewall, proxy, port, domain, storage space, memory, processor
""".replace("\n", " ").split(",")]

VERBS = [verb.strip() for verb in """
return/bring back/send back/give back, cancel/call off, change/modify/alter, book/reserve, order/buy/purchase, repair/fix/mend,
find/locate/look for, open, close, register/sign up, remove/delete/get rid of/erase, add/put in/include, upload/add, install/set up,
update/upgrade/renew, check/look up/verify, contact/reach/get in touch with, clean/wash, replace/exchange/swap, connect/hook up/link,
start/launch/run, stop/halt/end/shut down, send/post/mail, collect/pick up/fetch, rent/hire/borrow, use/work with, print, share/pass on,
move/transfer, export/download, import/load, restore/recover/get back, protect/secure, test/try/try out, choose/select/pick,
enable/switch on/turn on/activate, disable/switch off/turn off, block/ban, approve/confirm/accept, measure, read/view/see, write/compose,
invite/ask in, lock, unlock, report/announce, reset, track/follow, extend/prolong, pay for/settle, sell, donate/give away, store/keep,
carry/transport, join/take part in, leave/quit, rename/call differently, copy/duplicate, hide, sort, search/look through, prepare/get ready,
configure/adjust, make/create, request/ask for, complain about, feed, paint, cut, bring/take along, park, visit, claim, sign, translate
""".replace("\n", " ").split(",")]

# {n} noun, {v} verb, {g} verb in -ing form. Each intent: headings, other phrasings, answers.
INTENTS = {
    "howto": (["How do I {v} a {n}?", "How can I {v} the {n}?", "How to {v} a {n}", "What must I do to {v} my {n}?"],
        ["i want to {v} a {n}", "how does one {v} a {n}", "{g} a {n}", "{v} {n}", "what is the way to {v} my {n}", "steps for {g} the {n}",
         "i would like to {v} the {n}", "can you tell me how to {v} a {n}", "i need to {v} my {n}", "help me {v} the {n}", "how do you {v} {n}s",
         "where do i {v} the {n}", "please explain how i {v} a {n}", "instructions to {v} {n}"],
        ["Open the {place} and choose {q}. {fill}", "To {v} a {n}, write to {email} or call {phone}.", "Go to {place} with the {x} and ask for {person}. {fill}",
         "Run `{cmd}` or use the {x} page. {fill}", "Press {q} on the {x} and wait {time}.", "Fill in the form and hand it to {person}. {fill}",
         "Send {q} to {phone}. The {n} is ready {when}."]),
    "price": (["How much is a {n}?", "How much does the {n} cost?", "What does a {n} cost?", "What is the price of a {n}?", "What are the costs of a {n}?"],
        ["price of a {n}", "how expensive is the {n}", "what do you charge for a {n}", "what do i have to pay for a {n}", "{n} price", "cost of {n}",
         "is the {n} expensive", "how many euros for a {n}", "tell me the price of the {n}", "what's the fee for a {n}", "how much do you want for the {n}"],
        ["A {n} costs {price}. {fill}", "The price is {price}, or {price} for {person}.", "{n2} are free for members, and {price} for everybody else.", "We charge {price} for each {n}."]),
    "where": (["Where is the {n}?", "Where can I find the {n}?", "Where do I get a {n}?", "Where are the {n}s?"],
        ["in which place is the {n}", "i can't find the {n}", "location of the {n}", "how do i get to the {n}", "i am looking for the {n}", "{n} where",
         "where do you keep the {n}", "where's your {n}", "show me where the {n} is", "which way to the {n}", "at what address is the {n}"],
        ["The {n} is {place}. {fill}", "You find it {place}, next to the {x}.", "It is at {address}. {fill}", "Ask {person}, who has it {place}."]),
    "when": (["When is the {n} open?", "When does the {n} start?", "What are the hours of the {n}?", "At what time is the {n}?"],
        ["opening hours of the {n}", "what time does the {n} begin", "from when to when is the {n}", "when can i come to the {n}", "is the {n} open on {day}",
         "until what time is the {n} open", "{n} times", "{n} hours", "on which days is the {n}", "what time is the {n}"],
        ["It is open from {clock} to {clock} on {day}. {fill}", "Every {day} at {clock}.", "From {day} to {day}, {clock} to {clock}, and closed on {day}.", "The {n} starts at {clock}. {fill}"]),
    "duration": (["How long does the {n} take?", "How long do I wait for a {n}?", "How many days does a {n} need?"],
        ["how many days for a {n}", "when will my {n} be ready", "duration of the {n}", "time needed for a {n}", "how quickly do i get the {n}", "is the {n} fast",
         "how soon can i have the {n}", "waiting time for a {n}"],
        ["It takes {time}. {fill}", "The {n} is ready after {time}, in {month} after {time}.", "Allow {time} for it."]),
    "what": (["What is a {n}?", "What is the {n}?", "What does {n} mean?", "What is the {n} for?"],
        ["explain {n}", "meaning of {n}", "what do you mean by {n}", "tell me about the {n}", "{n} what is that", "what's a {n}", "definition of {n}", "i don't understand what a {n} is", "purpose of the {n}"],
        ["A {n} is the {x} that {person} gets from the {y}. {fill}", "It is a kind of {x} for the {y}.", "The {n} says how the {x} and the {y} belong together. {fill}"]),
    "can": (["Can I {v} a {n}?", "Is it possible to {v} the {n}?", "May I {v} a {n}?", "Am I allowed to {v} the {n}?"],
        ["is {g} a {n} allowed", "could i {v} a {n}", "do you let me {v} the {n}", "are we allowed to {v} {n}s", "is {g} the {n} possible", "would it be ok to {v} the {n}", "can one {v} a {n} here", "i hope i can {v} my {n}"],
        ["Yes, you can {v} it within {time}. {fill}", "No, that is not possible without a {x}.", "Yes, for {price}. {fill}", "No, only {person} may do that.", "Only on {day} between {clock} and {clock}."]),
    "have": (["Do you have a {n}?", "Is there a {n}?", "Are there {n}s?", "Do you offer a {n}?", "Do you sell {n}s?"],
        ["do you have {n}s", "have you got a {n}", "is a {n} available", "i am looking for a {n}", "are {n}s in stock", "any {n} here", "do i get a {n} from you", "could i get a {n}", "which {n}s do you have"],
        ["Yes, there is one {place}. {fill}", "Yes, we have {num} of them, from {price}.", "No, but the {x} {place} has one.", "Yes, ask {person} for it. {fill}"]),
    "need": (["Do I need a {n}?", "Is a {n} required?", "Must I bring a {n}?"],
        ["is it necessary to have a {n}", "must there be a {n}", "does it work without a {n}", "should i have a {n}", "can i come without a {n}", "is the {n} mandatory", "have i got to bring the {n}"],
        ["No, a {n} is not needed. {fill}", "Yes, bring a {n} and the {x}.", "Only if you come after {clock}. {fill}", "A {n} is required from {age} years on."]),
    "who": (["Who is responsible for the {n}?", "Who may use the {n}?", "Whom do I ask about the {n}?", "Who can {v} the {n}?"],
        ["who takes care of the {n}", "which person can {v} the {n}", "who should i talk to about the {n}", "whom can i ask about a {n}", "name of the person for the {n}", "who is allowed to {v} the {n}", "who has the {n}"],
        ["{name} is responsible, at {email}. {fill}", "Ask {name} on extension {num}.", "Only {person} and {name} may do that.", "{name} takes care of it every {day}."]),
    "lost": (["I lost my {n}. What now?", "What if my {n} is broken?", "My {n} does not work. What should I do?"],
        ["{n} is gone", "i can't find my {n} any more", "my {n} is broken", "the {n} has a problem", "what happens if i lose the {n}", "trouble with the {n}", "i have lost the {n}", "{n} not working", "my {n} was stolen"],
        ["Call {phone} at once. {fill}", "Report it to {person} and get a new {n} for {price}.", "Switch the {x} off and on again. {fill}", "Bring it to {place}, where {name} repairs it."]),
    "why": (["Why is the {n} so slow?", "Why is my {n} blocked?", "Why does the {n} cost extra?", "Why was my {n} refused?"],
        ["why does it take so long with the {n}", "what is the reason that the {n} is blocked", "how come the {n} is refused", "reason for the {n}", "why this {n}"],
        ["Because the {x} is checked by {person} first. {fill}", "The reason is usually a missing {x}. {fill}", "Since {month} every {n} needs a {x}."]),
    "limit": (["How many {n}s can I have?", "How large may a {n} be?", "Is there a limit for {n}s?"],
        ["maximum number of {n}s", "limit on {n}s", "what is the largest {n}", "how big can the {n} be", "how many {n}s are allowed", "are {n}s limited"],
        ["At most {num} a person. {fill}", "The limit is {num} for each {x}.", "Up to {num}, and {num} for {person}. {fill}"]),
    "contact": (["What is the phone number of the {n}?", "How do I reach the {n}?", "What is your e-mail address?", "What is your phone number?"],
        ["which number do i call for the {n}", "telephone number {n}", "email of the {n}", "how can i contact the {n}", "i want to call the {n}", "give me the number of the {n}", "contact for {n}"],
        ["Call {phone}. {fill}", "Write to {email}.", "You reach us at {phone} or {email} until {clock}."]),
    "kinds": (["Which {n}s are there?", "Which kinds of {n} do you support?", "What types of {n} can I choose?"],
        ["list of {n}s", "what {n}s exist", "which {n} can i take", "tell me all the {n}s", "different sorts of {n}", "{n} types", "supported {n}s", "what {n}s do you offer"],
        ["There are {num}: {x}, {y} and {z}. {fill}", "You can choose between {x} and {y}.", "We support {x}, {y} and {z}."]),
    "difference": (["What is the difference between a {n} and a {x}?", "{N} or {x}, which should I take?"],
        ["{n} or {x}", "compare {n} and {x}", "how do {n} and {x} differ", "should i take the {n} or the {x}", "is a {n} better than a {x}"],
        ["A {n} lasts {time}, a {x} only {time}. {fill}", "The {n} costs {price} and the {x} {price}."]),
}

OPENERS = ["", "", "", "", "", "", "hello ", "hi ", "please ", "sorry ", "excuse me ", "good morning ", "quick question ", "tell me ", "so ", "ok ", "i wonder ",
           "could you tell me ", "can you tell me ", "do you know ", "i have a question ", "one more thing ", "and ", "well "]
CLOSERS = ["", "", "", "", "", "", " please", " thanks", " thank you", " exactly", " for me", " here", " now", " today", " in your place", " with you", " at all", " again"]

STOP_WORDS = set("a an the is are was do does did i me my you your we our it its to of for in on at with and or be can could would should may must "
                 "there what which how when where who why please tell s if that this have has so from as by one".split())

FILL = ["", "", "", "", "Bring a {x} with you.", "This holds until {month}.", "Ask {person} if you are not sure.", "The {x} stays {place}.", "It costs nothing.",
        "You get a {x} for it.", "Questions go to {email}.", "In {month} it is closed.", "The {x} and the {y} are included.", "Nothing else is needed.",
        "Children under {age} pay half.", "The {x} is checked every {day}.", "Use the code {code}.", "Without a {x} it takes {time}.", "Our number is {phone}."]
PLACES = ["on the first floor", "behind the station", "at the front desk", "in the basement", "next to the entrance", "in room {num}", "on the {x} page", "in the settings",
          "opposite the {x}", "in the old town", "on level {num}", "at gate {num}", "under the stairs", "in the menu", "at {address}"]
PEOPLE = ["the owner", "the manager", "a member", "the front desk", "the nurse", "your teacher", "the caretaker", "students", "the operator", "the driver", "our staff", "pensioners", "the doctor"]
NAMES = "Anna Berg,Tom Reid,Mei Lin,Omar Haddad,Julia Novak,Peter Quist,Sara Okoye,Ivan Petrov,Lucy Marsh,Ben Adler,Rosa Diaz,Ken Mori,Eva Lund,Paul Weber,Nina Roth".split(",")
STREETS = "Mill Lane,Station Road,High Street,Park Avenue,Church Square,Hafenweg,River Walk,Market Street,Oak Drive,Bergstrasse,Kings Road,Elm Court".split(",")
