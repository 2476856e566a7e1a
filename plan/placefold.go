package plan

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// foldAddress writes a text of an address in one way: lower case, compatible
// forms of characters as one (NFKC), and without accents where the country's
// post leaves them out. German umlauts become two letters, as they are written
// where there are none.
func foldAddress(s string, t speaks) string {
	if isASCII(s) {
		return strings.ReplaceAll(strings.ToLower(s), "`", "'")
	}
	var b strings.Builder
	b.Grow(len(s))
	// A fraction is parted from the number in front: 12½ is not 121/2.
	last := rune(0)
	for _, r := range s {
		switch {
		case isFraction(r) && unicode.IsDigit(last):
			b.WriteByte(' ')
		case r == '´' || r == '`' || r == '’' || r == '‘' || r == 'ʼ':
			r = '\''
		}
		b.WriteRune(r)
		last = r
	}
	text := strings.Map(lowerRune, norm.NFKC.String(b.String()))
	if t.german {
		text = germanLetters.Replace(text)
	}
	if t.plain {
		text = latinLetters.Replace(strings.Map(dropMark, norm.NFD.String(text)))
	}
	return norm.NFC.String(text)
}

var (
	germanLetters = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss")
	latinLetters  = strings.NewReplacer("æ", "ae", "œ", "oe", "ß", "ss", "ø", "o", "đ", "d", "ł", "l")
)

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func isFraction(r rune) bool { return r >= '¼' && r <= '¾' || r >= '⅐' && r <= '⅞' || r == '↉' }

func lowerRune(r rune) rune {
	if r = unicode.ToLower(r); r == 'ς' {
		return 'σ'
	}
	return r
}

func dropMark(r rune) rune {
	if unicode.Is(unicode.Mn, r) {
		return -1
	}
	return r
}

// addressWords parts a folded text into its segments (at commas and the like)
// and those into words. A word is a run of letters and digits; "#" is one of
// its own. Between digits a hyphen or a slash is part of the word, full stops
// of initials and apostrophes vanish, all else parts.
func addressWords(text string) [][]string {
	if text == "" {
		return nil
	}
	p := parter{text: []rune(text), word: make([]rune, 0, 24), words: make([]string, 0, 8)}
	for i, r := range p.text {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			p.word = append(p.word, r)
		case r == '\'':
		case r == '.':
			if !p.initial(i) {
				p.endWord()
			}
		case isDash(r) || r == '/' || r == '⁄':
			p.joint(i, r)
		case r == '#':
			p.endWord()
			p.words = append(p.words, "#")
		case r == '&':
			p.endWord()
			p.words = append(p.words, "and")
		case strings.ContainsRune(",;|()[]\n\r", r):
			p.endSegment()
		default:
			p.endWord()
		}
	}
	p.endSegment()
	return p.segments
}

type parter struct {
	text     []rune
	word     []rune
	words    []string
	segments [][]string
}

func (p *parter) endWord() {
	if len(p.word) > 0 {
		p.words = append(p.words, string(p.word))
	}
	p.word = p.word[:0]
}

func (p *parter) endSegment() {
	p.endWord()
	if len(p.words) > 0 {
		p.segments = append(p.segments, p.words)
	}
	p.words = nil
}

func isDash(r rune) bool { return r == '-' || r >= '‐' && r <= '―' || r == '−' }

// initial reports whether the full stop at i stands in initials ("N.E.").
func (p *parter) initial(i int) bool {
	single := i > 0 && unicode.IsLetter(p.text[i-1]) && (i == 1 || !unicode.IsLetter(p.text[i-2]) && !unicode.IsDigit(p.text[i-2]))
	next := i+1 < len(p.text) && unicode.IsLetter(p.text[i+1]) && (i+2 == len(p.text) || !unicode.IsLetter(p.text[i+2]) && !unicode.IsDigit(p.text[i+2]))
	return single && next
}

// joint handles a hyphen or slash: between digits it belongs to the word.
func (p *parter) joint(i int, r rune) {
	if n := len(p.word); n > 0 && unicode.IsDigit(p.word[n-1]) && i+1 < len(p.text) && unicode.IsDigit(p.text[i+1]) {
		if isDash(r) {
			r = '-'
		} else {
			r = '/'
		}
		p.word = append(p.word, r)
		return
	}
	p.endWord()
}

func startsWithDigit(w string) bool { return w != "" && w[0] >= '0' && w[0] <= '9' }

// hasDigit reports whether a word holds a digit.
func hasDigit(w string) bool { return strings.ContainsFunc(w, unicode.IsDigit) }

func isSingleLetter(w string) bool {
	r := []rune(w)
	return len(r) == 1 && unicode.IsLetter(r[0])
}
