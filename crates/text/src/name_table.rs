//! Common Arabic names with the Latin spelling most of their bearers use: `arabic=latin`, white space between.

pub(crate) const NAMES: &str = "
محمد=Mohammed أحمد=Ahmed محمود=Mahmoud مصطفى=Mustafa علي=Ali حسن=Hassan حسين=Hussein عمر=Omar عثمان=Othman خالد=Khalid
وليد=Waleed سعد=Saad سعيد=Saeed سعود=Saud فهد=Fahad فيصل=Faisal سلمان=Salman سلطان=Sultan بندر=Bandar تركي=Turki
ناصر=Nasser نايف=Naif ماجد=Majed مشعل=Mishal متعب=Miteb منصور=Mansour مساعد=Musaed مبارك=Mubarak محسن=Mohsen مازن=Mazen
مروان=Marwan معاذ=Muadh معتز=Moataz مهند=Mohannad موسى=Musa عيسى=Issa إبراهيم=Ibrahim إسماعيل=Ismail إسحاق=Ishaq
يعقوب=Yaqoub يوسف=Yousef يحيى=Yahya زكريا=Zakaria داود=Dawood سليمان=Sulaiman هارون=Haroun آدم=Adam نوح=Nouh إدريس=Idris
أيوب=Ayoub يونس=Younes إلياس=Elias صالح=Saleh هود=Houd شعيب=Shuaib لقمان=Luqman عبدالله=Abdullah عبدالرحمن=Abdulrahman
عبدالعزيز=Abdulaziz عبدالملك=Abdulmalik عبدالكريم=Abdulkarim عبدالرحيم=Abdulrahim عبدالسلام=Abdulsalam عبداللطيف=Abdullatif
عبدالحميد=Abdulhamid عبدالمجيد=Abdulmajeed عبدالقادر=Abdulqader عبدالوهاب=Abdulwahab عبدالرزاق=Abdulrazzaq عبدالفتاح=Abdulfattah
عبدالغني=Abdulghani عبدالمنعم=Abdulmoneim عبدالناصر=Abdulnasser عبدالحكيم=Abdulhakim عبدالباسط=Abdulbasit عبدالهادي=Abdulhadi
عبدالإله=Abdulelah عبدالجبار=Abduljabbar عبدالحليم=Abdulhalim عبدالستار=Abdulsattar عبدالواحد=Abdulwahed عبدالمحسن=Abdulmohsen
طارق=Tariq طلال=Talal طه=Taha ياسر=Yasser ياسين=Yassin يزيد=Yazeed يزن=Yazan زياد=Ziad زيد=Zaid زاهر=Zaher زهير=Zuhair
رامي=Rami رائد=Raed راشد=Rashed رشيد=Rashid رضا=Reda رمضان=Ramadan رياض=Riyadh رؤوف=Raouf سامي=Sami سامر=Samer سالم=Salem
سليم=Salim سيف=Saif سمير=Samir شادي=Shadi شاكر=Shaker شريف=Sharif شكري=Shukri صابر=Saber صادق=Sadiq صلاح=Salah صبحي=Sobhi
ضياء=Diaa عادل=Adel عاصم=Asim عامر=Amer عباس=Abbas عدنان=Adnan عصام=Essam عماد=Emad عمار=Ammar عمرو=Amr عزيز=Aziz عوض=Awad
غانم=Ghanem غازي=Ghazi غسان=Ghassan فادي=Fadi فارس=Faris فاروق=Farouk فايز=Fayez فتحي=Fathi فرج=Faraj فريد=Farid فؤاد=Fouad
فواز=Fawaz فوزي=Fawzi قاسم=Qasim قصي=Qusai قيس=Qais كامل=Kamel كريم=Karim كمال=Kamal لؤي=Luay ليث=Laith مالك=Malik
مؤمن=Moamen مؤيد=Moayad مجدي=Magdi مدحت=Medhat مراد=Murad مرزوق=Marzouq مسعود=Masoud مصعب=Musab مظفر=Muzaffar معن=Maan
منذر=Munther منير=Munir مهدي=Mahdi ميلاد=Milad نادر=Nader ناجي=Naji نبيل=Nabil نجيب=Najib نديم=Nadim نزار=Nizar نضال=Nidal
نعيم=Naeem نواف=Nawaf هاشم=Hashim هاني=Hani هشام=Hisham هيثم=Haitham همام=Hammam وائل=Wael وسام=Wissam وسيم=Waseem
بدر=Badr بسام=Bassam بشار=Bashar بشير=Bashir بلال=Bilal بكر=Bakr باسل=Basel باسم=Basem بهاء=Bahaa تامر=Tamer توفيق=Tawfiq
تميم=Tamim ثامر=Thamer جابر=Jaber جاسم=Jassim جعفر=Jaafar جلال=Jalal جمال=Jamal جميل=Jamil جهاد=Jihad جواد=Jawad
حاتم=Hatem حازم=Hazem حافظ=Hafez حامد=Hamed حبيب=Habib حسام=Hossam حسان=Hassan حكيم=Hakim حمد=Hamad حمدان=Hamdan
حمزة=Hamza حميد=Hameed حمود=Hamoud حيدر=Haidar خليل=Khalil خليفة=Khalifa خلف=Khalaf خميس=Khamis أسامة=Osama أسعد=Asaad
أشرف=Ashraf أكرم=Akram أمجد=Amjad أمين=Amin أمير=Amir أنس=Anas أنور=Anwar أنيس=Anis أيمن=Ayman أيهم=Ayham إياد=Eyad إيهاب=Ehab
إسلام=Islam إحسان=Ihsan أدهم=Adham أركان=Arkan أحمدي=Ahmadi أوس=Aws أويس=Owais ثائر=Thaer زكي=Zaki سفيان=Sufyan
شهاب=Shihab صهيب=Suhaib عبيدة=Obaida عقيل=Aqeel فراس=Firas قتيبة=Qutaiba كنان=Kinan مجاهد=Mujahid نصر=Nasr نورالدين=Noureddine
صلاح‌الدين=Salaheddine علاء=Alaa علاء‌الدين=Alaaeddine سيف‌الدين=Saifeddine عزالدين=Ezzeddine بدرالدين=Badreddine شمس‌الدين=Shamseddine
محيي‌الدين=Mohyeddine جمال‌الدين=Jamaleddine كمال‌الدين=Kamaleddine نصر‌الدين=Nasreddine
فاطمة=Fatima عائشة=Aisha خديجة=Khadija مريم=Maryam زينب=Zainab سارة=Sarah نورة=Noura نور=Nour هدى=Huda منى=Mona ليلى=Layla
سلمى=Salma سلوى=Salwa سميرة=Samira سمر=Samar سناء=Sanaa سحر=Sahar سعاد=Suad سهام=Siham سوسن=Sawsan شيماء=Shaimaa شذى=Shatha
شروق=Shorouq شيخة=Sheikha صفاء=Safaa صفية=Safiya ضحى=Duha عبير=Abeer عفاف=Afaf عزة=Azza علياء=Alyaa غادة=Ghada غدير=Ghadeer
فاتن=Faten فرح=Farah فريدة=Farida فوزية=Fawzia كوثر=Kawthar لطيفة=Latifa لمى=Lama لميس=Lamis لينا=Lina لبنى=Lubna مها=Maha
مي=Mai ميساء=Maysaa منال=Manal منيرة=Munira موضي=Moudi نادية=Nadia نجلاء=Najlaa نجوى=Najwa ندى=Nada نسرين=Nasreen نهى=Noha
نوال=Nawal نوف=Nouf هالة=Hala هبة=Heba هناء=Hanaa هند=Hind هيا=Haya وفاء=Wafaa ولاء=Walaa ياسمين=Yasmin يسرى=Yusra
أروى=Arwa أسماء=Asmaa أسيل=Aseel آلاء=Alaa أماني=Amani أمل=Amal أمينة=Amina آمنة=Amna أميرة=Amira آية=Aya إسراء=Israa
إيمان=Iman إيناس=Enas ابتسام=Ibtisam أريج=Areej أفنان=Afnan بسمة=Basma بشرى=Bushra بثينة=Buthaina تغريد=Taghreed تهاني=Tahani
ثريا=Thuraya جميلة=Jamila جنى=Jana جواهر=Jawaher جيهان=Jihan حصة=Hessa حليمة=Halima حنان=Hanan حياة=Hayat خلود=Khulood
دانا=Dana دلال=Dalal دعاء=Duaa دينا=Dina ديما=Dima رانيا=Rania رباب=Rabab رحاب=Rehab رحمة=Rahma رزان=Razan رغد=Raghad
رنا=Rana رؤى=Roaa ريم=Reem ريما=Rima ريهام=Riham رشا=Rasha زهرة=Zahra الزهراء=Al-Zahraa سهى=Suha سهيلة=Suhaila شهد=Shahd
ملاك=Malak مرام=Maram ميرا=Mira جود=Joud لين=Leen تالا=Tala جوري=Jouri رهف=Rahaf وجدان=Wijdan عهود=Ohoud
القحطاني=Al-Qahtani العتيبي=Al-Otaibi الحربي=Al-Harbi الشمري=Al-Shammari العنزي=Al-Anazi الدوسري=Al-Dosari الغامدي=Al-Ghamdi
الزهراني=Al-Zahrani المطيري=Al-Mutairi السبيعي=Al-Subaie الشهري=Al-Shehri العمري=Al-Omari البلوي=Al-Balawi الجهني=Al-Juhani
الرشيدي=Al-Rashidi المالكي=Al-Maliki الأحمدي=Al-Ahmadi السيد=El-Sayed المصري=Al-Masri الشريف=Al-Sharif الخطيب=Al-Khatib
النجار=Al-Najjar الحداد=Al-Haddad الصباغ=Al-Sabbagh العلي=Al-Ali الأحمد=Al-Ahmad المحمد=Al-Mohammed الحسن=Al-Hassan الحسين=Al-Hussein
الخالدي=Al-Khalidi الهاشمي=Al-Hashimi التميمي=Al-Tamimi الكعبي=Al-Kaabi المنصوري=Al-Mansoori الشامسي=Al-Shamsi المري=Al-Marri
الكواري=Al-Kuwari الهاجري=Al-Hajri العجمي=Al-Ajmi الصباح=Al-Sabah الراشد=Al-Rashed السالم=Al-Salem الفهد=Al-Fahad
حداد=Haddad خوري=Khoury حجازي=Hegazy شلبي=Shalabi فرحات=Farhat قباني=Qabbani منصوري=Mansouri بوعزيز=Bouaziz زيتوني=Zitouni
جرجس=Girgis بطرس=Boutros مينا=Mina جورج=George ماري=Mary
";
