"""The three articles of the small corpus, invented for the tests: a schooner hits a pier.

What is hard to see is written as an escape: NBSP, combining marks, the joiner, the byte-order mark, line ends.
The Arabic paragraph says: Captain Salma Haddad said: "The sea waits for no one."
"""

A1 = (  # line feeds; emoji with joiner and skin tone before every span; decomposed accents; right-to-left
    "Home › News › Coast\n"
    "\n"
    "🎏 Schooner hits the pier on lantern night 🧑🏽\u200d✈\ufe0f\n"
    "\n"
    "PORT LORNE, 2 June — The schooner “Alma Perle” struck the east pier of Port Lorne on Saturday evening, the last "
    "night of the Lantern Festival. Nobody was hurt. Some 5,200 visitors came this year.\n"
    "\n"
    "Harbour master Jose\u0301 Nun\u0303ez said a sudden gust had pushed her off course. “In forty years I have not "
    "seen such a night,” he told the Harbour Gazette.\n"
    "\n"
    "The schooner was built in 1911 and carries a crew of nine. Repairs will cost about €48,000, the Lantern Society "
    "estimates.\n"
    "\n"
    "قالت القبطانة سلمى حداد: «البحر لا ينتظر أحدا\u064b.»\n"
    "\n"
    "🚢 She will probably sail again before autumn.\n"
    "\n"
    "Photo: Ines Brandt\n"
    "Leave a comment\n"
)

B2 = (  # carriage return and line feed, also inside a sentence; a no-break space as thousands separator
    "Schooner’s steering fails at Port Lorne\r\n"
    "\r\n"
    "By our harbour desk\r\n"
    "\r\n"
    "The schooner “Alma Perle” struck the east pier of\r\n"
    "Port Lorne on Sunday evening, the last night of the Lantern Festival.\r\n"
    "A deckhand broke his wrist.\r\n"
    "\r\n"
    "A worn steering cable had snapped, Captain Salma Haddad said.\r\n"
    "“The sea waits for no one,” she added.\r\n"
    "\r\n"
    "The schooner was built in 1911 and carries a crew of nine.\r\n"
    "Repairs will cost 62\u00a0000 euros, according to harbour master\r\n"
    "Pauline Orr. 👩\u200d🔧\r\n"
    "\r\n"
    "Source link"
)

C3 = (  # a byte-order mark, then an astral character; no newline at the end
    "\ufeff𝄞 Letters from the quay\n"
    "\n"
    "In April the ferry “Tern” scraped the west pier of Port Lorne. On 1 June it was the turn of the schooner “Alma "
    "Perle”, which hit the east pier as the Lantern Festival closed. Two years ago the festival drew only 3,000 "
    "visitors.\n"
    "\n"
    "Launched in 1912, the “Alma Perle” sails with nine hands. Her insurer, Nordkap Mutual, puts the damage at "
    "€48,350. Salma Haddad, her captain, does not expect her back before next spring.\n"
    "\n"
    "The Lantern Society, which met on Monday at the Cafe\u0301 Ancre, calls the evening “a warning, not a disaster”.\n"
    "\n"
    "Subscribe to our newsletter"
)
