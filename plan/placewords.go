package plan

import "strings"

// This file holds the words of postal addresses as data. Each line is the
// canonical word, then the forms that stand for it. A form that may stand for
// two words is left out, and so are plurals where the post has them apart.

// wordTable turns lines of data into form -> canonical word.
func wordTable(lines string) map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(lines) {
		forms := strings.Fields(line)
		for _, f := range forms {
			m[f] = forms[0]
		}
	}
	return m
}

// streetSuffixes are the street suffixes (USPS Publication 28, appendix C1;
// Canada Post addressing guidelines, street types; the usual short forms of
// Royal Mail and of AS 4590 for Australia).
var streetSuffixes = wordTable(`
alley aly ally
annex anx annx
arcade arc
avenue ave av aven avenu avn avnue
bayou byu bayoo
beach bch
bend bnd
bluff blf bluf
bluffs blfs
bottom btm bottm
boulevard blvd boul boulv bvd
branch br brnch
bridge brg brdge
brook brk
brooks brks
burg bg
burgs bgs
bypass byp bypa bypas
camp cp cmp
canyon cyn canyn cnyn
cape cpe
causeway cswy causwa
center ctr centre cntr cnter
centers ctrs
circle cir circ circl crcl crcle
circles cirs
circuit cct
cliff clf
cliffs clfs
close cl
club clb
common cmn
commons cmns
corner cor
corners cors
course crse
court ct crt
courts cts
cove cv
coves cvs
creek crk
crescent cres cresc crsent crsnt
crest crst
crossing xing crssng
crossroad xrd
crossroads xrds
curve curv
dale dl
dam dm
divide dvd
drive dr driv drv
drives drs
esplanade esp
estate est
estates ests
expressway expy expw expr
extension ext extn extnsn
extensions exts
falls fls
ferry fry frry
field fld
fields flds
flats flts
ford frd
fords frds
forest frst
forge frg
forges frgs
fork frk
forks frks
fort ft frt
freeway fwy freewy frway frwy
garden gdn gardn grden grdn
gardens gdns grdns
gateway gtwy gatewy gatway gtway
glen gln
glens glns
green grn
greens grns
grove grv grov
groves grvs
harbor hbr harb harbr hrbor harbour
harbors hbrs harbours
haven hvn
heights hts
highway hwy highwy hiway hiwy hway
hill hl
hills hls
hollow holw hllw
inlet inlt
island is islnd
islands iss islnds
junction jct jction jctn junctn juncton
junctions jcts
key ky
keys kys
knoll knl knol
knolls knls
lake lk
lakes lks
landing lndg lndng
lane ln
light lgt
lights lgts
loaf lf
lock lck
locks lcks
lodge ldg ldge lodg
loop
mall
manor mnr
manors mnrs
meadow mdw
meadows mdws medows
mews
mill ml
mills mls
mission msn missn mssn
motorway mtwy
mount mt mnt
mountain mtn mntain mntn mountin mtin
mountains mtns
neck nck
orchard orch orchrd
oval ovl
overpass opas
parade pde
park prk
parkway pkwy parkwy pkway pky
pass
passage psge
path
pike
pine pne
pines pnes
place pl
plain pln
plains plns
plaza plz plza
point pt
points pts
port prt
ports prts
prairie pr prr
private pvt
radial radl radiel
ramp
ranch rnch
rapid rpd
rapids rpds
rest rst
ridge rdg rdge
ridges rdgs
river riv rvr rivr
road rd
roads rds
route rte rt
row
run
shoal shl
shoals shls
shore shr shoar
shores shrs
skyway skwy
spring spg spng sprng
springs spgs spngs sprngs
spur
square sq sqr sqre squ
squares sqs
station sta statn stn
stravenue stra strav
stream strm streme
street st strt str
streets sts
summit smt sumit sumitt
terrace ter terr tce
throughway trwy
trace trce
track trak trk
trafficway trfy
trail trl
tunnel tunl
turnpike tpke trnpk turnpk
underpass upas
union un
unions uns
valley vly vally vlly
valleys vlys
viaduct vdct viadct via
view vw
views vws
village vlg villag villg
villages vlgs
ville vl
vista vis vist vst
walk
wall
way wy
ways
well wl
wells wls
`)

// streetTypesFrench are the types in front of a French street name (Canada
// Post addressing guidelines; La Poste, abbreviations of NF Z 10-011), without
// accents.
var streetTypesFrench = wordTable(`
allee all
autoroute
avenue av ave
boulevard boul bd blvd bld
carre
carrefour
chaussee chs
chemin ch che
cite
cote
cours crs
faubourg fg
impasse imp
montee
passage
place pl
promenade prom
quai
rang
route rte
rue
ruelle rle
sentier
square sq
terrasse tsse
traverse
voie
`)

// innerWords are words of a street's own name that have a usual short form
// (USPS Publication 28, 234 and appendix F).
var innerWords = wordTable(`
mount mt
fort ft
saint st
sainte ste
avenue ave av
boulevard blvd
highway hwy
road rd
route rte rt
`)

// directionals (USPS Publication 28, appendix B; Canada Post, street
// directions).
var directionals = wordTable(`
n north
s south
e east
w west
ne northeast
nw northwest
se southeast
sw southwest
`)

// directionalsFrench are those of Canada's French addresses.
var directionalsFrench = wordTable(`
n nord
s sud
e est
w ouest o
nw no
sw so
`)

// ordinalWords are numbered streets and floors in words.
var ordinalWords = map[string]string{
	"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7", "eighth": "8", "ninth": "9", "tenth": "10",
	"eleventh": "11", "twelfth": "12", "thirteenth": "13", "fourteenth": "14", "fifteenth": "15", "sixteenth": "16", "seventeenth": "17", "eighteenth": "18", "nineteenth": "19", "twentieth": "20",
}

// numberWords are house numbers and units in words ("One Market Plaza").
var numberWords = map[string]string{
	"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
}

// unitWords are designators that an identifier follows (USPS Publication 28,
// appendix C2; Canada Post, unit designators, both languages; AS 4590). "#" and
// Unit both say that the kind is not told; the others tell it and stay apart.
var unitWords = wordTable(`
unit # no num number unite u
apt apartment appt app appartement apmt
suite ste bureau
flat
floor fl flr etage etg
level lvl
room rm
building bldg bldng
tower twr
wing
block blk
department dept
office ofc
penthouse ph
desk
door porte
hangar hngr
key
lot
pier
shop
slip
space spc
stall
stop
trailer trlr
villa
warehouse whse
`)

// loneUnits need no identifier (USPS Publication 28, appendix C2).
var loneUnits = wordTable(`
basement bsmt
penthouse ph
lobby lbby
lower lowr
upper uppr
front frnt
rear
side
office ofc
mezzanine mezz
`)

// bareUnits are lone units that are ordinary words too: they count only where
// they stand alone or behind a street suffix.
var bareUnits = map[string]bool{"lower": true, "upper": true, "front": true, "rear": true, "side": true, "office": true}

// namedFloors are floors that are called, not counted.
var namedFloors = map[string]bool{"ground": true, "main": true, "top": true, "lower": true, "upper": true, "mezzanine": true}

// speaks says which words the addresses of a country have.
type speaks struct {
	english bool // suffix behind the street's name
	french  bool // type in front of it
	german  bool // type grown to the name, number behind it
	// slashUnit: "4/12 Smith St" is unit 4 of number 12 (AS 4590; NZ Post).
	slashUnit bool
	// hyphenUnit: "10-123 Main St" is unit 10 of number 123 (Canada Post).
	hyphenUnit bool
	// plain: accents are an ornament that the post leaves out. Elsewhere å, ø
	// or ł are letters and make another street.
	plain bool
}

func tongues(country string) speaks {
	switch country {
	case "US", "PR", "GU", "VI", "AS", "MP", "GB", "IE", "IN", "SG", "ZA", "HK", "PH", "JM":
		return speaks{english: true, plain: true}
	case "AU", "NZ":
		return speaks{english: true, plain: true, slashUnit: true}
	case "CA":
		return speaks{english: true, french: true, plain: true, hyphenUnit: true}
	case "FR", "BE", "MC":
		return speaks{french: true, plain: true}
	case "DE", "AT", "CH", "LI", "LU":
		return speaks{german: true, plain: true}
	case "PT", "IT", "BR":
		return speaks{plain: true}
	default:
		return speaks{}
	}
}
