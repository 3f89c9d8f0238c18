"""Names that are hardly ever anything but first names, or last names, in the United States.

Taken from the public lists of its Census of 1990: names of one in 8,000 persons at least that are at least twenty-five
times as often the one as the other. Names that are both, such as Thomas, are in neither.
"""

# ruff: noqa: SIM905 - long lists of names read better as running text
from __future__ import annotations

FIRST = frozenset(
    """
    john robert michael mary william david richard charles patricia christopher linda barbara mark elizabeth donald
    jennifer maria kenneth susan steven edward margaret brian ronald dorothy lisa kevin nancy karen betty helen
    jason matthew gary timothy sandra jose larry jeffrey donna carol ruth eric stephen andrew sharon michelle laura
    sarah kimberly deborah jessica cynthia angela melissa brenda amy jerry anna joshua rebecca virginia kathleen
    pamela martha debra amanda stephanie willie carolyn peter christine marie janet frances catherine harold ann
    diane alice carl julie heather teresa doris gloria joe roger evelyn juan cheryl joan jonathan justin mildred
    katherine gerald judith janice ralph nicole judy christina kathy theresa denise adam tammy fred billy irene
    harry jane wayne lori steve jeremy andrea rachel marilyn robin randy kathryn eugene bobby carlos louise sara
    anne jacqueline wanda shawn victor bonnie julia chris ruby lois tina jamie phyllis norma jesse paula diana annie
    ernest phillip lillian emily peggy crystal carmen connie gladys alan rita dawn florence sean clarence johnny
    philip edna tiffany tony jimmy antonio cindy luis danny mike nathan wendy rodney victoria edith sherry sylvia
    josephine thelma sheila ethel ellen elaine marjorie carrie charlotte jeff monica esther chad pauline emma dana
    juanita jessie alfred anita rhonda amber eva jesus debbie eddie joel april clara lucille gail joanne eleanor
    valerie danielle edwin erin megan alicia don suzanne michele bertha darlene veronica jill lauren ricky geraldine
    cathy joann lorraine sally jackie regina erica beatrice dolores bernice mario audrey yvonne micheal annette june
    samantha theodore oscar miguel ana renee jim ida vivian alex ronnie roberta brittany jon melanie tommy loretta
    yolanda jeanette laurie katie bill derek kristen vanessa alma sue elsie beth jeanne vicki darrell jerome leo
    carla tara rosemary alvin eileen terri tim greg jorge dustin pedro gertrude lucy dan tonya ella wilma gina
    kristin roberto natalie agnes charlene charlie bessie delores glen melinda arlene ricardo gene maureen colleen
    tamara johnnie georgia constance claudia marcia tanya nellie minnie marlene heidi glenda marc billie lydia
    marian stella caroline guadalupe reginald dora ruben vickie nathaniel rafael mattie raul maxine irma ben mabel
    marsha myrtle duane lena deanna patsy jimmie bobbie hilda gwendolyn brad jennie nora ron margie nina cassandra
    leah jared priscilla naomi carole brandy olga jan claude lonnie dianne leona erik jenny felicia sonia darryl
    kerry miriam velma becky fernando violet kristina ted tyrone darren julio rene toni misty mae kurt jody pat
    daisy ramona sherri erika katrina claire hugh max dwayne geneva belinda margarita sheryl dwight armando cora
    faye ada natasha sabrina isabel ian marguerite hattie harriet sidney ken bob molly cecilia kristi brandi blanche
    rosie joanna iris alfredo eunice angie alberto dave ivan freddie inez lynda daryl madeline amelia alberta
    genevieve monique jodi janie maggie kayla sonya kristine candace fannie maryann opal alison yvette melody andy
    sergio susie olivia terrance kristy mamie lula lola verna beulah antoinette eduardo terrence enrique joey donnie
    candice juana jeannette kelli frankie bridget karla celia arturo latoya shelia della vicky lynne sheri marianne
    shaun kara jacquelyn erma blanca trevor doug myra leticia krista roxanne ira antonia bennie angelica robyn
    adrienne rosalie alexandra bethany sadie bernadette laverne traci kendra jasmine nichole rachael chelsea mable
    ernestine muriel ernesto loren marcella elena krystal angelina nadine kari dianna paulette mona doreen rosemarie
    desiree johnathan kelvin ginger betsy tommie robbie lynette teri cristina eula geoffrey jonathon gerardo dominic
    devin meghan sophia eloise gretchen cecelia delbert raquel henrietta alyssa jana gwen rodolfo edmund cleo jenna
    tricia tasha
    """.split()
)
LAST = frozenset(
    """
    smith johnson williams jones brown davis miller moore anderson jackson white harris thompson garcia martinez
    robinson rodriguez walker hall hernandez king wright lopez hill green adams baker gonzalez carter perez roberts
    turner phillips campbell parker evans edwards collins sanchez rogers cook bell murphy bailey rivera cooper
    richardson cox torres peterson gray ramirez watson brooks sanders price wood barnes henderson coleman jenkins
    powell long patterson hughes flores washington butler simmons foster gonzales griffin diaz hayes myers ford
    hamilton sullivan woods west owens reynolds fisher gibson mcdonald ortiz gomez wells webb simpson stevens tucker
    porter hicks crawford morales kennedy dixon ramos reyes burns shaw holmes rice robertson hunt black daniels
    palmer mills nichols knight ferguson stone hawkins dunn perkins hudson gardner stephens payne pierce matthews
    wagner watkins olson snyder hart cunningham andrews ruiz harper fox armstrong carpenter weaver greene chavez
    sims peters lawson fields gutierrez schmidt carr vasquez castillo wheeler chapman montgomery richards williamson
    johnston banks meyer bishop mccoy howell alvarez morrison hansen fernandez garza little nguyen jacobs fuller
    lynch romero welch larson frazier burke hanson day mendoza moreno bowman medina fowler brewer hoffman carlson
    silva pearson holland fleming jensen vargas byrd davidson hopkins herrera soto walters caldwell lowe jennings
    barnett graves jimenez horton obrien castro sutton mckinney rodriquez chambers holt lambert watts bates hale
    rhodes pena beck newman haynes mcdaniel mendez bush parks dawson hardy love steele curry powers schultz barker
    guzman munoz ball keller chandler weber walsh lyons ramsey wolfe schneider mullins benson sharp bowen barber
    cummings hines baldwin griffith valdez hubbard salazar reeves stevenson burgess tate cross garner mann moss
    thornton mcgee farmer delgado aguilar vega glover manning cohen harmon rodgers robbins higgins ingram reese
    cannon strickland townsend potter goodwin rowe hampton ortega patton swanson goodman maldonado yates becker
    erickson hodges rios conner adkins webster malone hammond flowers cobb moody pope osborne mccarthy guerrero
    estrada sandoval gibbs gross fitzgerald stokes saunders wise colon gill alvarado greer padilla waters nunez
    ballard schwartz mcbride christensen klein pratt briggs parsons mclaughlin zimmerman french buchanan moran
    copeland pittman mccormick holloway poole bass marsh drake wong park abbott sparks norton huff massey figueroa
    bowers roberson tran lamb harrington boone clarke mathis singleton wilkins cain underwood hogan collier phelps
    mcguire bridges wilkerson nash summers atkins wilcox pitts conley marquez burnett cochran davenport hood gates
    ayala sawyer vazquez dickerson hodge acosta flynn espinoza nicholson wolf morrow whitaker oconnor skinner ware
    molina huffman gilmore dominguez oneal lang combs kramer hancock gallagher gaines shaffer short wiggins mathews
    mcclain fischer wall small melton hensley bond dyer grimes contreras baxter snow mosley shepherd larsen hoover
    beasley petersen whitehead meyers garrison shields horn savage olsen schroeder hartman woodard mueller kemp
    deleon booth patel calhoun eaton cline navarro harrell humphrey parrish duran hutchinson hess bullock robles
    beard avila blackwell york johns blankenship trevino salinas campos pruitt callahan golden montoya hardin guerra
    mcdowell stafford gallegos henson wilkinson merritt atkinson orr decker hobbs knox pacheco stephenson glass
    rojas serrano marks hickman english sweeney strong mcclure conway roth farrell lowery hurst nixon weiss trujillo
    ellison sloan juarez winters mclean boyer villarreal mccall gentry carrillo ayers sexton pace hull leblanc
    browning velasquez leach house sellers herring foley bartlett mercado landry durham walls barr mckee bauer
    rivers bradshaw pugh velez rush estes dodson morse sheppard weeks camacho bean barron livingston middleton
    spears branch blevins chen kerr mcconnell hatfield harding solis frost giles blackburn pennington woodward
    finley mcintosh koch best mccullough blanchard rivas brennan mejia kane buckley maddox russo mcknight moon
    mcmillan crosby berg dotson mays roach church chan richmond meadows faulkner oneill knapp kline ochoa jacobson
    hendricks horne shepard hebert cardenas mcintyre waller holman donaldson cantu morin gillespie fuentes tillman
    bentley peck key salas rollins gamble dickson battle cabrera cervantes howe hinton hurley spence zamora mcneil
    suarez case petty gould mcfarland sampson carver bray macdonald stout melendez farley hopper galloway potts
    joyner stein aguirre osborn mercer bender franco rowland sykes pickett crane sears mayo dunlap wilder mckay
    coffey mccarty ewing cooley vaughan bonner cotton holder stark ferrell cantrell fulton lott calderon pollard
    hooper burch mullen fry riddle levy duke odonnell daugherty berger dillard alston frye riggs chaney odom duffy
    fitzpatrick valenzuela mayer alford mcpherson acevedo barrera cote reilly compton mooney mcgowan craft clemons
    wynn nielsen baird snider rosales bright witt hays holden rutledge kinney clements castaneda slater hahn burks
    delaney pate lancaster sweet justice sharpe whitfield talley macias burris ratliff mccray madden kaufman beach
    goff cash bolton mcfadden levine good byers kirkland kidd workman carney mcleod holcomb england finch head
    hendrix sosa haney franks sargent downs rasmussen bird hewitt foreman oneil delacruz vinson dejesus hyde forbes
    gilliam guthrie wooten huber barlow boyle mcmahon buckner rocha puckett langley knowles cooke velazquez vang
    rouse hartley mayfield elder rankin cowan lucero arroyo slaughter haas oconnell minor boucher archer boggs
    dougherty andersen newell crowe wang friedman bland swain pearce childs yarbrough galvan proctor meeks lozano
    rangel bacon villanueva schaefer rosado helms goss
    """.split()
)
