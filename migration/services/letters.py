"""Where letters beyond a to z stand in names of people and towns, by language: counted in those that Faker knows."""

from __future__ import annotations

#: a language -> its letters, each three times as rare as the group before
ALPHABETS = (
    ("öüä", "éß", "èáë", "óïíôçêâã"),  # de
    ("éè", "êî", "çü", "ëïô"),  # fr
    ("áíó", "éñ", "ú", "üèà"),  # es
    ("éíã", "áçú", "êóâô", "õ"),  # pt
    ("à", "òèìù", "éö", "ü"),  # it
    ("äö", "å", "é", ""),  # sv
    ("øå", "æ", "", "é"),  # da
    ("éè", "ëâ", "öûê", "ïçüàôú"),  # nl
    ("ł", "śóżęńą", "źć", ""),  # pl
    ("áš", "íčřěžý", "éň", "úůťüď"),  # cs
    ("áš", "čí", "ľžňéýúď", "ťôóäŕ"),  # sk
    ("áé", "öőó", "íüú", "ű"),  # hu
    ("ćšč", "ž", "", "đ"),  # hr
    ("ăţț", "şș", "â", ""),  # ro
    ("üış", "çöğ", "", "â"),  # tr
    ("äõü", "šž", "ö", ""),  # et
    ("ņīš", "āēū", "ģļķ", "žč"),  # lv
    ("ė", "ūžšč", "ą", "ę"),  # lt
    ("đêưàáâ", "ảôệãơạễầếậăìịíấ", "ồúốờýòĩọựỹùắõ", "ũứữộểợềóỳởụỉằẻổủặẵớừẩỡ"),  # vi
)
#: letter -> what comes before it, and after it: often, sometimes, seldom; ^ and $ are ends of a word, * another such
NEIGHBOURS = {
    "á": ("v mnhrb lkptz*sdci^gjfyeuow", "$r nt*zs kcdlvmbhegjuqxfp"),
    "é": ("lnr zvkb mhst^icdyguopfjawx", "$k mnrgles vtdopcabqzijxh*"),
    "š": ("*^u oiae ryktmnlbvjp", "k $oitea* sbpvunmlfrchj"),
    "ü": ("g fm^tl ndjkrhsybz*pvcw", "lrn *s mthbzckd$fvgepyij"),
    "č": ("i^* eanoru ljvbpymtkd", "ei$ao k* numvr"),
    "ö": ("r^k ygts jhlnbmdpv*fiwzu", "r szvnkml ch$dtfgbp*yxwj"),
    "í": ("n* lhrmtvb dcuypsaj^zfog", "kn $dra* lsotcbpqgvzhmfe"),
    "ć": ("i - *^eauoyj", "$ - keocwmaiu"),
    "ø": ("rjb s^nle khmgtaifvdopxy", "$ry mes lndjbvgkit"),
    "ž": ("^ aoi*eu rdlnjmv", "iae uod$n *kylmbshv"),
    "ó": ("tr silgdc kmbzn*jpwe^hyfvo", "nt $wr msz*djlfbhgvpck"),
    "ä": ("mj lhkvp*tr snb^wgczfdy", "rn $*tlk ihsmecfgudjvbx"),
    "ņ": ("i - ao", "*a i e"),
    "è": ("r il nbdhfguysj", "s rz vngl$c"),
    "ł": ("ao ^sue kbdcimgpzhw*yrt", "ao u$yk*e tcbgmnzd"),
    "ı": ("kd ylr*stg nfmpzchvb", "nl rmz*sk $tvfbdeyphgac"),
    "ş": ("^a i*eu oyrlnhvm", "ae$ i* bkrhstovmucfp"),
    "ç": ("n^k *au ireolyz", "aoe $i*lb kusgfmyhvntpc"),
    "ī": ("lvr zdtmc sg", "tn rdcl zksgb"),
    "ő": ("dks z yng", "rh fvmntkb l$sgadz"),
    "ė": ("lnrt vs d", "$bj fmvtsnd clhp"),
    "å": ("v^ hekgn msprlfdtaiy", "sgr kv$l bnh"),
    "ú": ("^d rklhnt* casmzjpvgbf", "*j sbtlr$k mcndhzgpqfv"),
    "ğ": ("oau - i*e^", "al u*dmb i$etvcrf"),
    "ā": ("m^k njdiz tl", "rb lnd cvz"),
    "ý": ("kn rtvl mshbdp", "$ *ns drtkcmloz"),
    "ľ": ("e^oa *u kdiphsbvr", "aou $k* nsjg"),
    "ū": ("rj tldimk -", "nlm rszb dtc"),
    "ň": ("a*e ori uyshvbd^p", "ao$ *ku v"),
    "ê": ("r v hntum", "t q ns$dc"),
    "ś": ("^oa uyei p*j", "$wk ncl *rmp"),
    "ē": ("br^jpl - -", "rk sjntvd -"),
    "æ": ("vb jkn r^lsg", "rk sl vgdbt"),
    "ř": ("t*ob pdi^ea hku", "ei* o$ avsm"),
    "ę": ("i krzj*p gdtmlswnb", "dcbs tgkp* z"),
    "ż": ("^*ao riued yml", "yae o$nud mkb"),
    "ñ": ("aie *uo -", "aoei * u"),
    "õ": ("pt jvn^lrb mk", "lnd emisu* htg"),
    "ě": ("ntd bmv -", "$t *kjpmsl dzcbhnr"),
    "ń": ("oae yiu -", "$c s k"),
    "ď": ("^a le *or", "uao *$ -"),
    "î": ("^ oa -", "lt - -"),
    "ą": ("^ wlr*szdib gcm", "*sd bcgt kz"),
    "ë": ("oia - -", "ly$n r -"),
    "â": ("lhk w^r tcsv", "lnmt cy$ dz"),
    "ă": ("c*r mtld pzb", "$dl rtn zcm"),
    "ţ": ("uni ae -", "ia* $ -"),
    "ț": ("uin ae -", "ia* $ -"),
    "ť": ("*s r^oe ua", "a$*o - -"),
    "ģ": ("o*^ - -", "ei - -"),
    "ô": ("htnrc kbpgdm -", "tmsr npl*a -"),
    "ß": ("oieua * -", "$e bwfnl -"),
    "ã": ("h* omidsegrcu -", "oe $ -"),
    "ļ": ("oki - -", "*au - -"),
    "ķ": ("ai - -", "ie - -"),
    "ź": ("aod ebu -", "nd$ lwm -"),
    "ș": ("^euia o -", "$otau ce -"),
    "ů": ("rt *hnlv -", "v*m r -"),
    "đ": ("^rn ua -", "uae i -"),
    "ï": ("oa - -", "sc d -"),
    "à": ("vzonri^ - -", "$ - -"),
    "û": ("rshml - -", "lrsn - -"),
    "ò": ("lv - -", "$ - -"),
}
