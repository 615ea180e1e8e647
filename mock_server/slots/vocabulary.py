"""Words that tell what stands around them: the tables by which a text is read."""

from typing import Final


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


FUNCTION: Final = words(
    """a an the this that these those my your his her our their its some any each every all both i
    you he she it we they me him us them mine who whom whose which what when where why how
    is are was were be been being am do does did done have has had having can could will
    would shall should may might must let let's lets please and or but nor so yet if then
    than because of in on at by for with about against between into through during before
    after above below to from up down out off over under again near around within without
    until till per via as not no yes ok okay hi hello hey dear thanks thank just also too
    only very much many more most less i'm i'd i'll i've it's what's where's who's how's
    there here there's that's don't doesn't isn't can't get got want need like would'd
    around today tomorrow yesterday tonight now currently next last right soon asap later
    morning afternoon evening night noon midnight week month year day und oder der die das
    ein eine ist im am um nach von bis für mit wie wo wann et ou le la les un une des du est
    dans à pour avec y o el los las una es en de para con por и или в на из для с"""
)
STARTERS: Final = FUNCTION | words(
    """add ask book buy calculate call change check compare compute convert create delete describe
    draft email extract fetch find forward forecast generate give go hear help invite list
    look make message notify open order pay phone plan play post put read remind remove
    reply reserve reschedule return run schedule search sell send set show start stop
    subscribe summarize summarise tell text track transfer translate turn update use view
    wake weather write cancel contact google lookup get query select solve submit review
    analyze analyse classify assume respond output answer reply extract provide explain given json
    describe responding
    hola bonjour hallo guten tag wetter wie was welche quel
    quelle qué cuál cómo show which new order flight flights ticket meeting event task note
    title subject name date time price question user customer item product address email-
    address phone-number current latest recent is-there"""
)
ORDERS: Final = words(
    """accept activate apply approve archive arrange assign attach ban block bring broadcast cast
    clear clone close comment commit complete configure connect copy count cut deactivate
    decline deliver deploy deposit detect disable display divide dm donate download drop edit
    email enable enrol enroll estimate evaluate execute export feed fill filter finish fix
    follow format grab hang hire import increase insert install join keep kick kill launch
    leave like link load lock log lower mail measure merge message mount move multiply mute
    name narrate navigate need organise organize pause pick ping print process prepare
    purchase push quote raise rate recommend record redeem refund register reject release
    rename rent repeat replace report request reset resize resolve restart retrieve revoke
    ride route save say scan share ship shut sign skip snooze solve sort split store study
    subtract suggest sum switch tag teach tell tweet unlock unsubscribe upload verify wake
    want watch whisper withdraw wire write zip"""
)
"""More verbs that orders begin with; within a sentence many of them are nouns."""
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
NUMBERS: Final = {
    **{
        word: n
        for n, word in enumerate(
            ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
        )
    },
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "eighteen": 18,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
    "hundred": 100,
    "dozen": 12,
}
LANGUAGES: Final = {
    "english": "en",
    "french": "fr",
    "german": "de",
    "spanish": "es",
    "italian": "it",
    "portuguese": "pt",
    "dutch": "nl",
    "russian": "ru",
    "chinese": "zh",
    "japanese": "ja",
    "korean": "ko",
    "arabic": "ar",
    "hindi": "hi",
    "turkish": "tr",
    "polish": "pl",
    "swedish": "sv",
    "danish": "da",
    "norwegian": "no",
    "finnish": "fi",
    "greek": "el",
    "czech": "cs",
    "hungarian": "hu",
    "ukrainian": "uk",
    "hebrew": "he",
    "thai": "th",
    "vietnamese": "vi",
    "indonesian": "id",
    "latin": "la",
    "mandarin": "zh",
    "bengali": "bn",
}
_CODES: Final = words(
    """USD EUR GBP JPY CHF CAD AUD NZD CNY INR RUB BRL MXN SEK NOK DKK PLN CZK HUF TRY ZAR KRW SGD
    HKD"""
)
CURRENCIES: Final = {
    **{code.lower(): code for code in _CODES},
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₽": "RUB",
    "₩": "KRW",
    "dollar": "USD",
    "dollars": "USD",
    "buck": "USD",
    "bucks": "USD",
    "euro": "EUR",
    "euros": "EUR",
    "pound": "GBP",
    "pounds": "GBP",
    "yen": "JPY",
    "rupee": "INR",
    "rupees": "INR",
    "ruble": "RUB",
    "rubles": "RUB",
    "franc": "CHF",
    "francs": "CHF",
    "bitcoin": "BTC",
    "btc": "BTC",
    "ethereum": "ETH",
    "eth": "ETH",
}
COUNTRIES: Final = words(
    """usa us uk uae france germany spain italy portugal russia china japan india canada mexico
    brazil australia austria switzerland belgium netherlands poland sweden norway denmark
    finland ireland greece turkey egypt kenya nigeria argentina chile peru colombia korea
    thailand vietnam indonesia ukraine israel england scotland wales texas california
    florida ontario"""
)
COLOURS: Final = words(
    """red green blue yellow orange purple violet pink brown black white grey gray cyan magenta
    turquoise teal gold silver beige navy maroon lime indigo warm cool blond
    blonde brunette auburn ginger hazel crimson chestnut"""
)
SYNONYMS: Final = {
    "fahrenheit": ("f", "°f", "imperial"),
    "celsius": ("c", "°c", "centigrade", "metric"),
    "f": ("fahrenheit", "°f"),
    "c": ("celsius", "°c", "centigrade"),
    "kelvin": ("k",),
    "metric": ("celsius", "kilometers", "km", "metre", "°c"),
    "k": ("kelvin",),
    "imperial": ("fahrenheit", "miles", "°f"),
    "standard": ("kelvin", "normal"),
    "high": ("urgent", "urgently", "asap", "critical", "important"),
    "urgent": ("asap",),
    "add": ("plus", "sum", "added", "+"),
    "subtract": ("minus", "difference", "-"),
    "multiply": ("times", "multiplied", "product", "*", "×"),
    "divide": ("divided", "/", "÷"),
    "positive": ("love", "great", "amazing", "excellent", "wonderful", "loved", "happy"),
    "negative": ("hate", "terrible", "awful", "bad", "horrible", "angry", "worst", "broken"),
    "asc": ("ascending", "lowest", "cheapest", "oldest"),
    "am": ("morning",),
    "desc": ("descending", "highest", "newest", "latest"),
    "pm": ("afternoon", "evening"),
    "day": ("daily",),
    "week": ("weekly",),
    "month": ("monthly",),
    "year": ("yearly",),
    "run": ("ran",),
    "running": ("ran",),
    "swim": ("swam",),
    "swimming": ("swam",),
    "bike": ("cycled", "rode"),
    "cycling": ("biked", "rode"),
    "daily": ("day",),
    "hourly": ("hour", "hours"),
    "weekly": ("week",),
    "usd": ("dollars", "$"),
    "business": ("business-class",),
    "on": ("enable",),
    "off": ("disable",),
}
"""What people also say for a value of an enum."""
FAMILIES: Final = (
    words(
        """people person guest adult passenger traveler traveller attendee participant seat pax
        party visitor diner ticket"""
    ),
    words("day night"),
    words("hour hr h"),
    words("minute min"),
    words("second sec"),
    words("week wk"),
    words("month mo"),
    words("year yr old age"),
    words("percent percentage % rate tip discount interest tax off"),
    words("""kilometer kilometre km mile mi meter metre m distance radius feet foot ft"""),
    words("kilogram kg gram g pound lb lbs ounce oz weight ton"),
    words("degree ° °c °f celsius fahrenheit temperature thermostat"),
    words("word length"),
    words("star rating"),
    words("child kid children"),
    words("bedroom bed br"),
    words("result limit top item entry max_result top_k"),
    words("cm height tall inch inches in"),
)
"""Units and the properties that are counted in them."""
MONEY: Final = words(
    """price budget cost amount total salary fare fee payment money spend principal balance income
    revenue usd dollar eur loan deposit bill subtotal sum"""
)
