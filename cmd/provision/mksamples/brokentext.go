package main

import "strings"

// brokenText is a CSV as it may come by mail: titles above the header,
// semicolons, values over several lines, and one row for each thing that
// reading a CSV finds. The notes say what.
func brokenText() string {
	return strings.Join([]string{
		"Phones to change;;",
		"\"Sent by mail,",
		"please check\";;",
		"",
		"Row ID;Ext;Extension Number;Email Address;MAC Address;DID;Device ID;Device Name;Street;City;State;ZIP;Countri;Qty;Comment",
		"T-01;1O1;;;;;;Desk;;;;;;;\"a letter in the number,",
		"below a line break\"",
		"T-02;102;;ada@example;;;;Desk;;;;;;;no e-mail address",
		"T-03;103;;;1.12E+10;;;\"Desk",
		"by the door\";;;;;;;a MAC address that was made a number",
		"T-04;104;;;00:0b:82:12:34;;;Desk;;;;;;;a MAC address that is too short",
		"T-05;105;;;;1.6502E+10;;Desk;;;;;;;a phone number that lost its digits",
		"T-06;106;;;;4930123456;;Desk;;;;;;;a phone number that lost its plus",
		"T-07;107;;;;;80 1234;Desk;;;;;;;no id",
		"T-08;108;;;;;;D\uFFFDsk;;;;;;;a letter that was lost when the file was saved",
		"T-09;109;;;;;;" + strings.Repeat("long ", 14) + ";;;;;;;a name that is too long",
		"T-10;#REF!;;;;;;Desk;;;;;;;an error of the spreadsheet",
		"T-11;111;;;;;;Desk;P.O. Box 12;Belmont;CA;94002;;;a P.O. box",
		"T-12;112;;;;;;Desk;20 Alder Way;Belmont;CA;9400;;;no ZIP code",
		"T-13;113;;;;;;Desk;20 Alder Way;Belmont;;94002;;;no country, as its header is misspelled",
		"T-14;114;;;;;;Desk;;;;;;many;no number",
		"T-15;115;;;;;;Desk; A;;;;;;;one value too many",
		"T-16;116;;;;;;Desk;;;;;;;\"a quotation mark that closes too late",
		"T-17;117;;;;;;Desk;;;;;;;taken in by the row above\"",
		"T-18;118;;;;;;Desk", // without a line break: it may be cut
	}, "\n")
}
