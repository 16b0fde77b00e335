"""Words that tell what a name is: titles, roles, kinds of organisation, first names. Compiled for this project."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that open a sentence and no name: a run of capitals begins after them.
OPENERS = _words(
    """
    A According Adding Additionally Addressing After Again Against All Also Although Among An And Anonymous Another
    Any April Are As Asked At August Authorities Based Because Before Being Between Both But By Can Citing
    Commenting Could Critics Current Currently December Despite Did Do Does Dozens During Each Earlier Early Eight
    Elsewhere Estimates Even Every Experts February First Five Following For Former Four Friday From Further
    Furthermore Given Had Has Have He Hence Her Here His How However Hundreds I If In Including Instead Into Is It
    Its January July June Just Last Late Later Lead Let Like Local Longtime Many March May Meanwhile Monday Moreover
    Most Must My New-look Next Nine No Not Noting November Now October Of Officials On Once One Only Opposition Or
    Other Our Over Per Police Previously Projections Protesters Recently Regarding Remarked Report Reportedly
    Reports Researchers Said Saturday Saying Scientists Second Separately September Seven Several She Should Since
    Six So Some Speaking Still Such Sunday Ten That The Their Then There These They Third This Those Though
    Thousands Three Through Thursday Thus To Today Tomorrow Tuesday Two Under Unlike Until Was We Wednesday Were
    What When Where While Who Why Will With Witnesses Would Yes Yesterday Yet You
    """
)
# Titles that stand before a name.
TITLES = _words(
    """
    adm administrator admiral adviser advisor advocate alhaj amb ambassador archbishop attorney author ayatollah
    baroness bishop brig brigadier capt captain cardinal ceo chair chairman chairperson chairwoman chancellor chief
    cmdr co-founder coach col colonel commandant commander commissioner comptroller congressman congresswoman
    constable consul coordinator corporal councillor counselor counterpart dame deputy detective director
    director-general doctor dr editor emir eng engineer envoy father fm foreign-secretary founder frau gen general
    gov governor haji hajji head herr imam inspector judge justice king lady lawmaker leader legislator lieutenant
    lieutenant-general lord lt madame maj major manager marshal maulana maulvi mawlawi mayor mep minister miss mlle
    mme monsieur mp mr mrs ms mufti mullah negotiator officer official ombudsman owner pastor pir pm pope premier
    premier-designate president president-elect prince princess private prof professor prosecutor qari qazi queen
    rabbi rapporteur rep representative rev reverend secretary sen senator sergeant sgt sheik sheikh sheriff sir
    speaker spokesman spokesperson spokeswoman sultan superintendent treasurer under-secretary undersecretary ustad
    vice-president
    """
)
# Titles that belong to the name when one more word follows: Pope Francis, Mullah Omar.
NAME_TITLES = _words(
    """
    cardinal emir king lady lord mullah pope prince princess queen saint sheik sheikh sultan
    """
)
# What somebody is, in lower case beside the name.
ROLES = TITLES | _words(
    """
    academic activist actor actress aide ally analyst anchor anthropologist archaeologist artist astronomer attendee
    aunt baker banker barrister beekeeper billionaire biologist blogger bodyguard boy broadcaster brother businessman
    businesswoman butcher butler bystander cabinet-minister caller campaigner candidate carpenter caterer champion
    chemist cleric clerk co-author co-developer coauthor colleague columnist commando commentator consultant contractor
    cook coroner correspondent counsel cousin critic daughter dean debtor defendant delegate dentist designer detainee
    developer dictator diplomat dispatcher driver ecologist economist elder employee engineer entrepreneur
    epidemiologist executive expert eyewitness farmer fellow fiance fiancee fiancé fiancée fighter filmmaker firefighter
    forger friend gardener geochemist geographer geologist geophysicist girl grocer guard guide headmaster headmistress
    headteacher herpetologist historian host hotelier husband imam inmate insider inspector insurgent interpreter
    inventor investigator investor jailer journalist juror laborer labourer lawyer lecturer magistrate man mason
    mechanic mediator medic member meteorologist midwife migrant militant miner monarch monitor mother musician neighbor
    neighbour nephew niece nomad nominee novelist nurse observer onlooker operator ophthalmologist opponent organiser
    organizer orphan paramedic passenger pathologist patient pensioner performer pharmacist photographer physician
    physicist pilot plaintiff planner player poet policeman policewoman politician porter preacher predecessor presenter
    priest principal prisoner producer protester provost psychologist publicist pundit pupil reader rector refugee
    reporter researcher resident returnee rival ruler scholar scientist seamstress selectman shepherd shopkeeper singer
    sister smuggler sociologist soldier solicitor son source specialist spokesman-designate spox strategist stringer
    strongman student successor supporter surgeon surveyor survivor suspect tailor teacher technician teenager tourist
    trader trainer translator traveler traveller tycoon uncle user usher vendor veteran victim viewer virologist voter
    waiter warden warlord welder whistleblower widow wife winner witness woman worker writer
    """
)
# Words in the name of a body.
ORG_WORDS = _words(
    """
    academy administration agency air airlines airways alliance army assembly association authority bank battalion
    board brigade bureau campaign center centers centre chamber channel church club co coalition college command
    commission committee communications community company confederation conference congress consulate convention
    corp corporation corps council county court database department directorate division embassy exchange federation
    fire force forces foundation front fund gazette government group guard herald holdings hospital house inc
    industries initiative inspectorate institute institution international journal laboratory league limited ltd
    magazine media ministry mission mosque movement museum network news ngo observatory office organisation
    organization panel parliament partners party patrol plc police post press program programme project radio
    records registry regulator review school secretariat senate service services society statistics survey syndicate
    systems task taskforce team television times tribunal tribune trust tv union university watch website
    """
)
PLACE_WORDS = _words(
    """
    airport bay bridge city county desert district gulf highway island islands lake mount mountain ocean park
    peninsula province region river road sea square state station strait street town valley village
    """
)
# First names, to agree with he and she; a name not here agrees with both.
MALE = _words(
    """
    aaron abdel abdul abdulla abdullah abebe adam adrian agustin ahmad ahmed aidan ajay ajmal akhtar alain alan
    albert alberto aldo alejandro alexander alexandre alexei alexey ali alvaro amit amrullah anatoli anatoly anders
    andreas andrei andrew andrey andrzej andrés anil anthony antonio antony anwar ariel arkady arthur artyom arun
    ashok ashraf ashton asif atal austin avigdor aziz bakhtiyar bakyt ban barack barry bashar basir behruz ben
    benjamin bernard bilal bill billy bjarne bjorn bob bobby boris brandon brendan brian bruce bruno bryan
    burhanuddin callum cameron carl carlo carlos charles charlie chidi chris christian christopher clive colin craig
    cyril damir dan daniel daniyar dario darren daud dave david dawood deng dennis derek desmond diego dieter dirk
    dmitri dmitry dominic don donald douglas dragan duncan dwight dylan edgar edmund eduardo edward edwin ehsan ehud
    eldar elgin elijah elon emeka emilio emmanuel emmerson emomali enrique enzo eric erik ernest esmail esteban
    ethan eugene evan fabio fahim faisal farhad farooq farrukh fazal fazlullah felipe felix fernando feroz firdavs
    floyd francisco francois frank frank-walter franky françois fred gabriel gareth gary gennady george gerald
    gerhard gholam ghulam gianni giles giovanni giuseppe glen glenn gonzalo goodluck goran gordon graham greg
    gregory grigory guido gul gulbuddin gunnar gunther habib habibullah hafiz haji hamdullah hamid hamisi hamza hans
    hardeep harold haroon hasan hashim hashmat hassan heiko heinz hekmat helmut henrik henry herbert hibatullah
    hiroshi homayoun horst hosni hossein howard hugh hugo hulusi humayun hussein ian ibrahim idris ignacio igor
    ihsan ikram ilya imran inam inayatullah iqbal irfan isaac ishaq islambek ismail istvan ivan ivor jack jacob
    jacques jair jalal jamal james jan janos janusz jarrod jason jaswant javed javier jawad jawed jean jeff jeffrey
    jens jeremy jerome jerry jesse jim joachim joaquin joe john johnny jonas jonathan jordan jorge jose joseph
    joshua juan julian juma junaid justin jürgen kamran kareem karim karl kasper keith kelvin ken kenji kenneth
    kevin khairullah khaled khalid khalil khawaja kirill klaus kofi konstantin krzysztof kwame kyle larry lars
    laszlo latif latifullah laurent lawrence leon leonard leonardo leonid leslie lewis li lloyd logan louis luca
    lucas luigi luis luiz lukas magnus mahbub mahdi mahesh mahmoud mahmud majid malcolm manmohan mansoor mansour
    manuel marat marcel marco marcus mario mark martin martín masood masoud mateo matiullah matt matteo matthew
    maurice mauricio max maxim mehdi mehmet mehrdad mevlut michael michel mick miguel mike mikhail mikkel milan
    miroslav mirwais mirza mitchell mohamed mohammad mohammed mohsen mojtaba muammar mubarak mudassir muhammad mujib
    murad musa mustafa nabil nadeem nader naeem naim najib najibullah narendra naresh nasratullah nasser nathan
    natwar naveed nawaz nazir neil nelson neville niaz nicholas nick nicolas nicolás niels nigel nikola nikolai nils
    nizamuddin noah noor norman nur nurlan obaid obaidullah okello olaf oleg oleksiy olivier omar omid orhan oscar
    otto pablo paolo parviz patrick paul pavel pawel pedro percy pervez peter petro phil philip philippe pierre
    pietro piotr pranab qadir qamar qasim rafael rafi rafiq raheel rahim rahmat rahmatullah rahul rajesh rajnath
    ralph ramón randy rangin rashad rashid rashidbek rasmus rauf raul ravi raymond raúl recep reginald rehman rex
    reza ricardo richard rizwan robert roberto rodrigo roger rolf roman ron ronald roohullah ross rostam rowan roy
    rudolf rupert ruslan russell rustam ryan saad sabir saddam sadiq saeed safi sajjad salahuddin salim salman
    salvador sam sami samim samuel sanjay santiago sardar sardor sartaj saud sayed sayyid scott seamus sean
    sebastian sergei sergey sergio shafiq shahbaz shahid shahram shakir sharif shaukat shavkat shehbaz sher shinzo
    shir siamak silvio simon sirajuddin sohrab soren stanislav stanley stefan stefano steffen stephen steve steven
    stuart suhail sulaiman suleiman sunil suresh sven tahir taj tajik takeshi tamim tanvir tariq tauseef ted terry
    thabo thomas tim timofei timothy timur tobias toby tom tomasz tomás torsten toryal toryalai trevor tunde tyler
    ubaid ulrich ulugbek umar usman uwe vahid valery vasily vernon vicente victor vijay viktor vincent vitaly
    vittorio vladimir volodymyr vyacheslav waheed wahid wajid wali walter wang warren wasi wasim wayne werner
    wilfred william willie winston wolfgang xi yahya yair yama yaqub yar yaroslav yasin yasser yevgeny younis yousaf
    yousuf yuri yusuf zabihullah zachary zafar zafarbek zafarullah zahid zalmai zalmay zaman zia zmaray zoran zubair
    zubayr zulfiqar
    """
)
FEMALE = _words(
    """
    abena abigail achieng adaeze agnes agnieszka agnès aigul ainura aisha alexis alice alina alison amaka amanda
    amber amina amy ana anastasia andrea ane angela angelica anjali ann anna annalena anne ashley asma astrid aung
    ayesha barbara beate beatriz benazir betty beverly birgit brenda bridget brigitte brittany bronwyn bushra camila
    carmen carol carolyn carrie catherine charlotte cheryl chiara chioma chloe christina christine cindy claire
    condoleezza consuelo corazon cristina cynthia dana danielle daphne daria darya deborah debra deepika delphine
    denise diana diane dilma dilnoza dilorom dina dolores donna doris dorothy edith ekaterina eleanor elena
    elisabetta elizabeth ellen elvira emily emma erin erna esperanza esther eva evelyn ewa fahima farida farzana
    fatema fatima fawzia federica felicity fereshta fiona frances francesca françoise freshta frozan gabriela galina
    geraldine gillian giorgia giulia gloria grace graciela greta guadalupe gudrun gulalai gulnara habiba hana hanan
    hannah harriet hatice hazel heather heidi heike helen hillary hina hosna hua huda humaira ilhan iman imogen
    indira inge ingeborg ingrid inna inés irene irina isabel isabella isla ivanka ivy jacinda jacqueline jamila jane
    janet janice jean jennifer jenny jessica jessie jill jo joan joanne jonna josefina josephine joyce juana judith
    judy julia julie jutta kamala kamila kamola karen karima karin katarzyna kate katherine kathleen kathryn kathy
    katie kavita kayla kelly kellyanne khadija kimberly kirsten kirsty ksenia laila lakshmi larisa latifa laura
    lauren layla leah leila leire leni leticia lidia lima lina linda ling lisa liv liz loretta lori lorna louise
    lucia lucy ludmila luisa lynn lyudmila mabel madeleine madina madison magdalena malala malalai maleeha
    malgorzata mao maren margaret margarita maria mariam marie mariela marilyn marina marion mariya marta martha
    mary maryam marzia maureen meera meerjady meg megan megawati mei melania melissa mercedes mette michaela
    michelle mina miriam molly mona monika monique mumtaz muriel mursal nabila nadezhda nadia nahid najiba najla
    nana nancy nargis nargiza nasrin natalia natalie natalya nazanin nazifa nettie ngozi nicola nicole nighat nigora
    nikki nilofar nina nooria nora norma nour odile oksana olga olivia palwasha pamela paola parvona parwin pashtana
    patricia patsy paula peggy penny philippa phoebe pilar polina priti priya rachel rahila raisa rania raquel
    rashida razia rebecca reem regina rocío rosa rosemary roshan rosie roya roza rubina rukhsar ruth sabine sabrina
    sadia safia safiya sahar saima sally salma samantha samia samira sana sandra sanna sara sarah sediqa shabnam
    shahla shaima shakila shamsia sharmistha sharon shazia sheena sheila sherry shireen shirin shirley shukria signe
    silke silvia sima simone soledad solveig sonia sophia soraya spozhmai stella stephanie storai suha sultana
    sumaira suman sunita susan sushma svetlana sylvia ségolène tahera tahira tamara tamsin tanya tatiana teresa
    theresa tierra tracey tulsi ulla una ursula ute uzma valentina valeria vanessa vera veronika victoria virginia
    vivian wahida wanda wanjiru wendy widad winifred ximena yalda yasmeen yasmin yasmina yelena yolanda yulia yuriko
    yvette yvonne zahida zahra zainab zakia zala zara zarifa zarina zarmina zhala zhanna zoe zohra zubaida zulfiya
    """
)
_MEN = _words(
    """
    actor archbishop ayatollah bishop boy brother businessman cardinal chairman congressman emir father fiance
    fiancé herr husband imam king lord man marshal maulana monk monsieur mr mullah nephew policeman pope prince
    sheik sheikh sir son spokesman sultan uncle
    """
)
_WOMEN = _words(
    """
    actress aunt baroness businesswoman chairwoman congresswoman dame daughter fiancee fiancée frau girl lady madame
    miss mlle mme mother mrs ms niece policewoman princess queen sister spokeswoman widow wife woman
    """
)
TITLE_GENDER = dict.fromkeys(_MEN, "m") | dict.fromkeys(_WOMEN, "f")
# Words for one role in one form.
SAME_ROLE = {
    "adm": "admiral",
    "amb": "ambassador",
    "brig": "brigadier",
    "capt": "captain",
    "col": "colonel",
    "gen": "general",
    "gov": "governor",
    "lt": "lieutenant",
    "maj": "major",
    "prof": "professor",
    "rep": "representative",
    "sen": "senator",
    "sgt": "sergeant",
    "advisor": "adviser",
    "chairman": "chair",
    "chairperson": "chair",
    "chairwoman": "chair",
    "chancellors": "chancellor",
    "defense": "defence",
    "fm": "foreign minister",
    "pm": "prime minister",
    "premier": "prime minister",
    "spokesman": "spokesperson",
    "spokesmen": "spokesperson",
    "spokeswoman": "spokesperson",
    "spokeswomen": "spokesperson",
    "spox": "spokesperson",
}
# What stands before a noun phrase and tells nothing of who it is.
DETERMINERS = _words(
    """
    a an another both current each former her his its one our some that the their then these this those
    """
)
# A document speaks for whoever issued it.
DOCUMENTS = _words(
    """
    account address announcement article blog broadcast bulletin charter comments communique communiqué data database
    declaration decree document documents editorial estimate estimates figures filing interview letter memo message
    messages opinion order page poll polling post posts press-release proclamation projections records release
    releases remarks report reports resolution ruling schedule site speech statement statements statistics study
    survey tweet tweets video website
    """
)
# What one may be called by a word for the whole kind: a colonel is "the officer", a senator "the lawmaker".
_LAWMAKERS = _words(
    "congressman congresswoman deputy lawmaker legislator mep mp parliamentarian representative senator"
)
_CLERICS = _words("ayatollah bishop cardinal cleric imam maulana maulvi mawlawi mufti mullah pope preacher rabbi")
_ENVOYS = _words("ambassador consul diplomat envoy representative")
KINDS_OF_ROLE = {
    "ambassador": _ENVOYS,
    "cleric": _CLERICS,
    "chief": _words("commander director-general head leader secretary-general director"),
    "commander": _words("chief colonel general major admiral"),
    "counterpart": _words("minister president chancellor ambassador"),
    "diplomat": _ENVOYS | _words("foreign-minister counterpart"),
    "envoy": _ENVOYS,
    "expert": _words("analyst academic professor researcher scholar"),
    "general": _words("chief commander"),
    "head": _words("chair chief director director-general leader president"),
    "lawmaker": _LAWMAKERS,
    "leader": _words("ayatollah chancellor chief head king president prime-minister"),
    "legislator": _LAWMAKERS,
    "mp": _LAWMAKERS,
    "officer": _words(
        "admiral brigadier captain colonel commander constable detective general inspector lieutenant major sergeant"
    ),
    "official": _words(
        "adviser ambassador chief commissioner deputy director director-general governor head mayor minister secretary"
        " spokesperson undersecretary"
    ),
    "parliamentarian": _LAWMAKERS,
    "politician": _LAWMAKERS | _words("chancellor governor leader mayor minister president"),
    "scientist": _words("author co-author coauthor professor researcher"),
}
# Who wrote a study, named once with their place of work.
SCHOLARS = frozenset({"researchers", "scientists", "team", "authors"})
# Nobody in particular.
NOBODY = _words(
    """
    allegation allegations claim claims it many others report reports rumors rumour rumours some there
    """
)
# Who else may speak: people, and what people form. What somebody is stands in ROLES, a body in BODIES.
PEOPLE = _words(
    """
    agent all another anybody anyone believer believers boss both branch business businesses camp captor captors
    child children citizen city client colleague colonies colony commando commandos community compatriot compatriots
    correspondent council countries country couple court criminals crowd customs delegation designate district
    edition elders enemy establishment everybody everyone everything expert faction families family few fifths
    figure foe folk gathering general guerrilla guest gunman gunmen guy guys half hard-liner hardliner herders
    hundreds individual individuals infant insurgents judiciary kin leadership left lone majority many martyrs
    masses men millions minority mob monarchy most mujahideen nation nationals nations neighbors neighbours nobody
    none one opposition others outsiders palace partner partners patron people percent person personnel persons
    police policemen power powers premiership presidency public quarter quarters rank rebels regime region relatives
    republic resistance respondents rest right ring rivals ruling sentry session several side sides some somebody
    someone squad staff state states street subordinate summit survivors team terrorists thirds thousands three town
    tribe tribes tribesmen tribunal trio troika troops two unit village villages voice voices west wing women world
    youth youths
    """
)
# What is written and speaks for itself.
WRITINGS = _words(
    """
    accord act agreement bill book breakdown cable census charges claim clause code comment commentary communication
    complaint constitution contract decision dispatch doctrine draft evidence footage guideline headline indictment
    information invitation judgement judgment law legislation list mandate map memo memoir memorandum notice pact
    plan portal protocol read-out readout reply response sign slogan testimony text treaty verdict version warning
    """
)
# Nouns that end as those of persons do.
THINGS = _words(
    """
    after amateur answer barrier border burner career center centre chamber chapter character charter clamor color
    computer consideration corner corridor counter cover cylinder danger december dinner disaster door either error
    ether factor favor favour fear fervor fever fiber filter finger floor gender harbor honor horror labor latter
    letter manner matter mirror motor murder never november number october offer order other over paper percent
    power rather reactor rumor sector september shelter shoulder silver sister-in-law summer tenor terror tour tower
    transfer uproar vigor war water weather winter yesterday
    """
)
# Bodies that a text names once and then calls by their kind.
BODIES = _words(
    """
    administration agency airline alliance army association authority bank board body broadcaster bureau center centre
    chain channel charity club coalition command commission committee company congress council court daily department
    embassy federation firm force foundation fund government group headquarters hospital house institute institution
    insurgency journal magazine manufacturer military militia ministry mission movement network newspaper office
    operator organisation organization outlet paper parliament party program programme publication regulator retailer
    secretariat senate service station think-tank union university watchdog website
    """
)
MEDIA_NOUNS = _words(
    """
    agency broadcaster channel daily magazine network newspaper outlet paper publication station website
    """
)
# What a newspaper's name has in it.
NEWSPAPERS = _words(
    """
    bulletin courier gazette herald journal magazine mail news observer post press radio review telegraph times
    tribune
    """
)
GROUP_NOUNS = _words(
    """
    group insurgency militia movement organisation organization party
    """
)
FIRM_NOUNS = _words(
    """
    airline body chain charity company firm group institution organisation organization
    """
)
# A clause, not an apposition: these stand in it.
FINITE = _words(
    """
    added also are can could had has have is said says told was were who will would
    """
)
# The words before a name that are no part of its title.
STOPPERS = _words(
    """
    a an and as at but by for from her his in its of on or said says that the their to told when while with
    """
)
# After these a name is no subject.
PREPOSITIONS = _words(
    """
    about after against and as at before between by for from in including into like near of on or over than to
    toward towards under via with
    """
)
