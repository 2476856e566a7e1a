package sheet

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// abroad are the names of columns in the languages of other countries in which
// the service is sold: such as mean one column only. No header counts as near
// to one of them, as short words of several languages are near to many.
var abroad = [...]struct {
	language string
	names    map[columnID][]string
}{
	{"German", map[columnID][]string{
		colExtension:   {"Nebenstelle", "Nebenstellennummer"},
		colEmail:       {"E-Mail-Adresse", "Mailadresse"},
		colUserName:    {"Benutzer", "Mitarbeiter", "Anzeigename"},
		colPhoneNumber: {"Rufnummer", "Telefonnummer"},
		colSerial:      {"MAC-Adresse", "Seriennummer"},
		colDeviceName:  {"Gerätename"},
		colModel:       {"Modell", "Gerätemodell", "Telefonmodell"},
		colCostCenter:  {"Kostenstelle"},
		colStreet:      {"Straße", "Straße und Hausnummer", "Straße, Hausnummer", "Straße + Hausnummer", "Straße/Hausnummer"},
		colStreet2:     {"Adresszusatz"},
		colCity:        {"Ort", "Stadt"},
		colState:       {"Bundesland"},
		colZip:         {"PLZ", "Postleitzahl"},
		colCountry:     {"Land"},
		colQuantity:    {"Anzahl", "Menge"},
		colNotes:       {"Bemerkung", "Bemerkungen", "Anmerkung", "Anmerkungen", "Notiz", "Notizen", "Kommentar"},
	}},
	{"French", map[columnID][]string{
		colExtension:   {"Numéro de poste", "No de poste", "N° de poste", "Numéro d'extension"},
		colEmail:       {"Courriel", "Adresse e-mail", "Adresse courriel", "Adresse électronique"},
		colUserName:    {"Utilisateur", "Nom complet"},
		colPhoneNumber: {"Numéro de téléphone", "N° de téléphone"},
		colSerial:      {"Adresse MAC", "Numéro de série", "N° de série"},
		colDeviceName:  {"Nom de l'appareil"},
		colModel:       {"Modèle", "Modèle d'appareil", "Modèle de téléphone"},
		colCostCenter:  {"Centre de coûts", "Centre de coût"},
		colStreet:      {"Rue", "Adresse ligne 1"},
		colStreet2:     {"Complément d'adresse", "Adresse ligne 2"},
		colCity:        {"Ville"},
		colZip:         {"Code postal"},
		colCountry:     {"Pays"},
		colQuantity:    {"Quantité"},
		colNotes:       {"Remarque", "Remarques", "Commentaire", "Commentaires"},
	}},
	{"Spanish", map[columnID][]string{
		colExtension:   {"Extensión", "Número de extensión"},
		colEmail:       {"Correo", "Correo electrónico", "Dirección de correo"},
		colUserName:    {"Usuario", "Nombre completo"},
		colPhoneNumber: {"Número de teléfono"},
		colSerial:      {"Dirección MAC", "Número de serie", "N.º de serie"},
		colDeviceName:  {"Nombre del dispositivo", "Nombre del teléfono"},
		colModel:       {"Modelo", "Modelo de teléfono", "Modelo del dispositivo"},
		colCostCenter:  {"Centro de coste", "Centro de costes", "Centro de costo", "Centro de costos"},
		colStreet:      {"Calle", "Calle y número"},
		colCity:        {"Ciudad", "Localidad"},
		colState:       {"Provincia"},
		colZip:         {"Código postal"},
		colCountry:     {"País"},
		colQuantity:    {"Cantidad"},
		colNotes:       {"Nota", "Notas", "Observaciones", "Comentario", "Comentarios"},
	}},
}

// countriesAbroad are names of countries in these languages which the library
// of countries lacks, folded.
var countriesAbroad = func() map[string]string {
	folded := map[string]string{}
	for code, names := range map[string][]string{
		"AT": {"Österreich", "Autriche"},
		"BE": {"Belgien", "Belgique", "Bélgica"},
		"CA": {"Kanada", "Canadá"},
		"CH": {"Schweiz", "Suisse", "Suiza"},
		"DE": {"Deutschland", "Allemagne", "Alemania"},
		"ES": {"España", "Spanien", "Espagne"},
		"FR": {"Frankreich", "Francia"},
		"GB": {"Großbritannien", "Vereinigtes Königreich", "Royaume-Uni", "Reino Unido"},
		"IE": {"Irland", "Irlande", "Irlanda"},
		"IT": {"Italien", "Italie", "Italia"},
		"MX": {"México", "Mexiko", "Mexique"},
		"NL": {"Niederlande", "Pays-Bas", "Países Bajos"},
		"US": {"Vereinigte Staaten", "États-Unis", "Estados Unidos"},
	} {
		for _, name := range names {
			folded[foldAbroad(name)] = code
		}
	}
	return folded
}()

// abroadIndex is abroad by the folded names.
var abroadIndex = func() map[string]columnID {
	index := map[string]columnID{}
	for _, a := range abroad {
		for id, names := range a.names {
			for _, name := range names {
				index[foldAbroad(name)] = id
			}
		}
	}
	return index
}()

// foldAbroad folds a header also of its accents, which some people leave out.
func foldAbroad(header string) string {
	folded := foldHeader(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(header)))
	return strings.ReplaceAll(folded, "ß", "ss")
}
